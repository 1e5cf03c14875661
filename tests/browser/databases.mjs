// SPDX-License-Identifier: MIT
// Databases for the blog, on SQLite or on the server that KIN_TEST_URL names, and other programs than kin to look into them.
import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';

const server = process.env.KIN_TEST_URL ? new URL(process.env.KIN_TEST_URL) : null;

/** 'sqlite', 'postgresql' or 'mariadb'. */
export const kind = server ? server.protocol.slice(0, -1) : 'sqlite';

const run = async (program, given) => (await promisify(execFile)(program, given, { maxBuffer: 64 * 1024 * 1024 })).stdout;
const [field, row] = ['\u001f', '\u001e'];

/** Every kind has: ask(place, sql), rows as arrays of texts; trap and untrap: SQL for a trigger that fails an INSERT of the rows that `when` is true for. */
const kinds = {
  sqlite: {
    ask: async (place, text) => (await run('sqlite3', ['-batch', '-separator', field, '-newline', row, '-cmd', '.timeout 5000', place, text]))
      .split(row).slice(0, -1).map((one) => one.split(field)),
    trap: (table, when) => `CREATE TRIGGER trap AFTER INSERT ON ${table} WHEN ${when} BEGIN INSERT INTO nowhere VALUES (1); END`,
    untrap: () => 'DROP TRIGGER trap',
  },
  postgresql: {
    ask: async (place, text) => {
      const said = await run('psql', ['-X', '-q', '-A', '-t', '-F', field, '-R', row, '-v', 'ON_ERROR_STOP=1', '-d', place, '-c', text]);
      return said === '' ? [] : said.replace(/\n$/, '').split(row).map((one) => one.split(field));
    },
    trap: (table, when) => `CREATE FUNCTION trap() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO nowhere VALUES (1); END $$;
      CREATE TRIGGER trap AFTER INSERT ON ${table} FOR EACH ROW WHEN (${when}) EXECUTE FUNCTION trap()`,
    untrap: (table) => `DROP TRIGGER trap ON ${table}; DROP FUNCTION trap`,
  },
  mariadb: {
    ask: async (place, text) => {
      const { hostname, port, username, password, pathname } = new URL(place);
      const said = await run('mariadb', ['--no-defaults', '-h', hostname, '-P', port, '-u', username, `-p${password}`, '-N', '-B',
        '--default-character-set=utf8mb4', "--init-command=SET sql_mode = 'STRICT_ALL_TABLES,ANSI_QUOTES,PIPES_AS_CONCAT,NO_BACKSLASH_ESCAPES', "
        + 'max_recursive_iterations = 100000', '-e', text, pathname.slice(1)]);
      const signs = { n: '\n', t: '\t', 0: '\0', '\\': '\\' };
      const value = (one) => (one === 'NULL' ? '' : one.replace(/\\(.)/g, (_, sign) => signs[sign]));
      return said.split('\n').slice(0, -1).map((one) => one.split('\t').map(value));
    },
    // One statement: a ; in the midst would end it for the program.
    trap: (table, when) => `CREATE TRIGGER trap AFTER INSERT ON ${table} FOR EACH ROW SET @trap = CASE WHEN ${when} THEN (SELECT 1 UNION SELECT 2) END`,
    untrap: () => 'DROP TRIGGER trap',
  },
};

const { ask, trap, untrap } = kinds[kind];
let made = 0;

/** An empty database of the caller's own: { place, drop() }; `place` is what the blog's --database takes. */
export async function newDatabase(folder) {
  if (!server) return { place: path.join(folder, 'blog.db'), drop: async () => {} };
  const name = `blog_${process.pid}_${++made}`;
  await ask(server.href, `CREATE DATABASE ${name}`);
  const place = new URL(server.href);
  place.pathname = `/${name}`;
  return { place: place.href, drop: () => ask(server.href, `DROP DATABASE ${name}`) };
}

/** The rows of a query on the blog's database as arrays of texts; NULL is ''. */
export const rows = (blog, text) => ask(blog.database, text);

/** Runs SQL on it. */
export const sql = rows;

/** Has the database fail in the midst of a transaction of the blog: when a row is inserted for which `when` is true (`new` is the row). */
export const setTrap = (blog, table, when = '1 = 1') => sql(blog, trap(table, when));
export const removeTrap = (blog, table) => sql(blog, untrap(table));

/** The number of rows of a table. */
export async function countOf(blog, table) {
  return Number((await rows(blog, `SELECT count(*) FROM "${table}"`))[0][0]);
}
