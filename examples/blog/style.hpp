// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

// What /style.css and /icon.svg answer with: the blog needs no files beside its program.

namespace blog {

inline constexpr std::string_view style = R"css(
:root {
  color-scheme: light dark;
  --paper: #fbf9f4; --card: #fffefb; --ink: #211e1a; --soft: #665f55; --line: #e4ddd0;
  --accent: #9a3412; --accent-ink: #fffdf9; --error: #a3151f; --error-wash: #fcebe8;
  --tone-0: #7c4a21; --tone-1: #2f5d50; --tone-2: #5b4180; --tone-3: #8a3550;
  --tone-4: #2d5878; --tone-5: #6a5a16; --tone-6: #3c6427; --tone-7: #7a3b33;
  --serif: "Iowan Old Style", Charter, "Palatino Linotype", Palatino, "URW Palladio L", "Book Antiqua", Georgia, serif;
  --sans: system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #191714; --card: #221f1b; --ink: #ebe5da; --soft: #a89f91; --line: #3a352e;
    --accent: #f0a27c; --accent-ink: #21130b; --error: #ff9c93; --error-wash: #3a1d1a;
  }
}
*, ::before, ::after { box-sizing: border-box; }
html { font: 106.25%/1.6 var(--serif); -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
body {
  margin: 0 auto; padding: 0 1.25rem; max-width: 50rem; min-height: 100vh; display: flex; flex-direction: column;
  background: var(--paper); color: var(--ink); overflow-wrap: break-word; font-kerning: normal;
}
main { flex: 1; }
h1, h2, h3 { line-height: 1.2; font-weight: 600; text-wrap: balance; letter-spacing: -.01em; margin: 0; }
h1 { font-size: clamp(1.75rem, 1.35rem + 1.8vw, 2.5rem); }
h2 { font-size: 1.375rem; }
h3 { font-size: 1.125rem; }
p { margin: 0; }
a { color: inherit; text-decoration-color: color-mix(in srgb, var(--accent) 55%, transparent); text-underline-offset: .18em; text-decoration-thickness: .08em; }
a:hover { color: var(--accent); }
:focus-visible { outline: .18rem solid var(--accent); outline-offset: .18rem; border-radius: .2rem; }
.skip { position: absolute; left: -100vw; padding: .5rem 1rem; background: var(--card); }
.skip:focus { left: 1rem; top: .75rem; z-index: 1; }

header.site, footer.site { display: flex; align-items: baseline; gap: .25rem 1rem; flex-wrap: wrap; font-family: var(--sans); }
header.site { padding: 1.5rem 0 1.25rem; border-bottom: 1px solid var(--line); align-items: center; }
.brand { font: 700 1.75rem/1 var(--serif); letter-spacing: -.02em; text-decoration: none; color: var(--accent); }
.motto { font-size: .875rem; color: var(--soft); flex: 1; }
header.site nav { display: flex; align-items: center; gap: 1.25rem; }
header.site nav a:not(.button) { font-size: .9375rem; font-weight: 600; text-decoration: none; padding: .6rem 0; }
header.site nav a:not(.button):hover { text-decoration: underline; }
footer.site { justify-content: space-between; margin-top: 4rem; padding: 1.25rem 0 2rem; border-top: 1px solid var(--line); font-size: .875rem; color: var(--soft); }
.sql-footer { font-variant-numeric: tabular-nums; border: 1px solid var(--line); border-radius: 1rem; padding: .1rem .75rem; background: var(--card); }

.button, button {
  display: inline-block; font: 600 .9375rem/1.2 var(--sans); padding: .7rem 1.1rem; border: 0; border-radius: .5rem;
  background: var(--accent); color: var(--accent-ink); text-decoration: none; cursor: pointer;
}
.button:hover, button:hover { color: var(--accent-ink); filter: brightness(1.1); }

.heading { padding: 2.5rem 0 1rem; }
.subtitle { font: .9375rem/1.5 var(--sans); color: var(--soft); margin-top: .4rem; }
.profile { display: flex; gap: 1.25rem; align-items: flex-start; padding-bottom: 2rem; }
.bio { margin-top: .75rem; max-width: 34rem; }

.entry { display: grid; gap: .4rem 2rem; padding: 1.75rem 0; border-top: 1px solid var(--line); }
.entry-date { font: .875rem/1.9 var(--sans); color: var(--soft); white-space: nowrap; }
.entry h2 a { text-decoration: none; }
.entry h2 a:hover { text-decoration: underline; text-decoration-thickness: .06em; }
.excerpt { margin-top: .5rem; color: color-mix(in srgb, var(--ink) 86%, var(--paper)); }
.meta { display: flex; flex-wrap: wrap; align-items: center; gap: .3rem .75rem; font: .9375rem/1.5 var(--sans); color: var(--soft); }
.entry .meta { margin-top: .85rem; }
.meta > :not(:first-child)::before { content: "·"; margin-right: .75rem; }
.author { display: inline-flex; align-items: center; gap: .55rem; color: var(--ink); font-weight: 550; text-decoration: none; min-height: 2rem; }
.author:hover { text-decoration: underline; }
.avatar {
  display: inline-grid; place-items: center; flex: none; width: 1.9rem; height: 1.9rem; border-radius: 50%;
  font: 600 .71875rem/1 var(--sans); letter-spacing: .02em; color: #fffdf9; background: var(--tone-0);
}
.avatar.large { width: 4.25rem; height: 4.25rem; font-size: 1.5rem; }
.tone-1 { background: var(--tone-1); } .tone-2 { background: var(--tone-2); } .tone-3 { background: var(--tone-3); }
.tone-4 { background: var(--tone-4); } .tone-5 { background: var(--tone-5); } .tone-6 { background: var(--tone-6); }
.tone-7 { background: var(--tone-7); }

.badge { font-size: .75rem; line-height: 1.5; padding: 0 .5rem; border: 1px solid var(--line); border-radius: 1rem; color: var(--accent); }

.tags { display: flex; flex-wrap: wrap; gap: .4rem; list-style: none; margin: .85rem 0 0; padding: 0; font: .8125rem/1.25 var(--sans); }
.tags a { display: block; padding: .35rem .75rem; border: 1px solid var(--line); border-radius: 1rem; background: var(--card); color: var(--soft); text-decoration: none; }
.tags a:hover { border-color: var(--accent); color: var(--accent); }
.tag-index { columns: 3 10rem; column-gap: 2.5rem; list-style: none; margin: 1rem 0 0; padding: 0; }
.tag-index li { display: flex; justify-content: space-between; align-items: baseline; gap: 1rem; break-inside: avoid; border-bottom: 1px solid var(--line); }
.tag-index a { flex: 1; min-width: 0; padding: .5rem 0; text-decoration: none; }
.tag-index a:hover { text-decoration: underline; }
.tag-index span { font: .8125rem/1 var(--sans); color: var(--soft); font-variant-numeric: tabular-nums; white-space: nowrap; }

.pages { display: flex; flex-wrap: wrap; align-items: center; justify-content: center; gap: .5rem 1rem; padding-top: 2rem; border-top: 1px solid var(--line); font: .9375rem/1 var(--sans); font-variant-numeric: tabular-nums; }
.pages ol { display: flex; align-items: center; gap: .125rem; list-style: none; margin: 0 auto; padding: 0; color: var(--soft); }
.pages a { display: inline-block; padding: .75rem .7rem; border-radius: .4rem; text-decoration: none; }
.pages a:hover { background: var(--card); }
.pages a[aria-current] { background: var(--ink); color: var(--paper); }
.step { font-weight: 600; }
.step[rel=prev]::before { content: "← " / ""; }
.step[rel=next]::after { content: " →" / ""; }

.post { padding: 3rem 0 1rem; }
.post .meta { margin-top: 1rem; }
.post .prose { margin-top: 2rem; font-size: 1.125rem; line-height: 1.7; max-width: 38rem; hanging-punctuation: first; }
.prose p + p { margin-top: 1.1em; }
.discussion { margin-top: 3rem; padding-top: 2rem; border-top: 1px solid var(--line); max-width: 38rem; }
.discussion h2::first-letter { text-transform: uppercase; }
.thread { list-style: none; margin: 0; padding: 0; }
.thread > li { border-bottom: 1px solid var(--line); padding: 1.1rem 0 .5rem; }
.thread .thread { margin-left: .9rem; padding-left: 1.1rem; border-left: 2px solid var(--line); }
.thread .thread > li { border: 0; padding: .6rem 0 0; }
.thread .thread .avatar { width: 1.6rem; height: 1.6rem; font-size: .625rem; }
.comment { scroll-margin-top: 1rem; border-radius: .3rem; }
/* What is far from the screen is laid out when it comes near: there may be thousands. */
.thread .comment { content-visibility: auto; contain-intrinsic-size: auto 7rem; }
.comment:target { background: var(--card); box-shadow: 0 0 0 .5rem var(--card), 0 0 0 calc(.5rem + 1px) var(--line); }
.comment .meta { gap: 0 .6rem; }
.comment .meta > ::before { content: none; }
.comment time { font-size: .8125rem; }
.comment .prose { margin-top: .35rem; }
.answered { font: .875rem/1.5 var(--sans); color: var(--soft); }
.discussion summary { display: inline-block; padding: .45rem 0; font: 600 .8125rem/1.5 var(--sans); color: var(--soft); cursor: pointer; list-style: none; }
.discussion summary::-webkit-details-marker { display: none; }
.discussion summary:hover { color: var(--accent); }
.replies > summary::before { content: "▸ " / ""; }
.replies[open] > summary::before { content: "▾ " / ""; }
.reply a { display: inline-block; padding: .45rem 0; font: 600 .8125rem/1.5 var(--sans); color: var(--soft); text-decoration: none; }
.reply a:hover { color: var(--accent); }
/* Beside "Reply". */
.comment + .replies { margin-top: -2.1rem; }
.comment + .replies > summary { margin-left: 3.5rem; position: relative; z-index: 1; }
.quoted { max-width: 38rem; margin-bottom: 2rem; padding-left: 1.1rem; border-left: 2px solid var(--line); }

.card { background: var(--card); border: 1px solid var(--line); border-radius: .75rem; padding: 1.5rem; }
.discussion .card { margin-top: 2rem; }
.field { margin: 0 0 1.25rem; }
.card h3 { margin-bottom: 1rem; }
label { display: block; font: 600 .9375rem/1.4 var(--sans); margin-bottom: .35rem; }
input, textarea {
  width: 100%; font: 1rem/1.5 var(--serif); padding: .65rem .8rem; color: var(--ink); background: var(--paper);
  border: 1px solid color-mix(in srgb, var(--soft) 75%, var(--line)); border-radius: .4rem; display: block;
}
textarea { resize: vertical; }
[aria-invalid] { border-color: var(--error); box-shadow: 0 0 0 1px var(--error); }
.hint, .error { font: .875rem/1.5 var(--sans); margin-top: .35rem; color: var(--soft); }
.error { color: var(--error); font-weight: 550; }
.notice { font: .9375rem/1.5 var(--sans); background: var(--error-wash); color: var(--error); border-radius: .5rem; padding: .75rem 1rem; margin-bottom: 1.25rem; }

.failure { padding: 5rem 0 2rem; max-width: 34rem; }
.failure-status { font: 700 1rem/1 var(--sans); letter-spacing: .08em; color: var(--accent); margin-bottom: .75rem; }
.failure p + p, .failure h1 + p { margin-top: 1rem; }

@media (min-width: 46rem) {
  .entry { grid-template-columns: 9rem 1fr; }
}
@media (max-width: 30rem) {
  .motto { display: none; }
  header.site { justify-content: space-between; }
  .avatar.large { width: 3.25rem; height: 3.25rem; font-size: 1.125rem; }
  .card { padding: 1.25rem 1rem; }
  .tag-index { columns: 2; column-gap: 1.5rem; }
  .thread .thread { margin-left: .3rem; padding-left: .7rem; }
  .pages ol { order: 3; flex-basis: 100%; justify-content: center; }
}
@media print {
  header.site nav, footer.site, form, .reply, .skip { display: none; }
}
)css";

inline constexpr std::string_view icon =
    R"svg(<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="7" fill="#9a3412"/><path d="M10 7v18M22 7 10.5 17.5M14.5 14 22.5 25" fill="none" stroke="#fffdf9" stroke-width="3.4" stroke-linecap="round"/></svg>)svg";

} // namespace blog
