// SPDX-License-Identifier: MIT
#pragma once

// KIN_TEST_SANITIZED: a sanitizer keeps watch over this build's memory, and needs some for itself.
#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define KIN_TEST_SANITIZED 1
#endif
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define KIN_TEST_SANITIZED 1
#endif
