import { expect, it } from "vitest";

import { errandOf, isReturn, safePath } from "./signIn";

it.each([
  ["/", "?code=a&state=b", true],
  ["/", "?error=access_denied&state=b", true],
  ["/", "?code=a", false],
  ["/", "", false],
  ["/canvas", "?code=a&state=b", false],
])("%s%s is a return: %s", (path, search, expected) => expect(isReturn(path, search)).toBe(expected));

it.each([
  ["/dashboards/1?t=1h", "/dashboards/1?t=1h"],
  ["//evil.example", "/"],
  ["/\\evil.example", "/"],
  ["https://evil.example", "/"],
  [undefined, "/"],
  [{ path: "/x" }, "/"],
])("after %j the window goes on at %s", (state, expected) => expect(safePath(state)).toBe(expected));

const ERRAND = "3f0c0c0a-0000-4000-8000-000000000001";

it.each([
  [{ "sign-in": ERRAND }, ERRAND],
  [{ "sign-in": "x" }, null],
  [{ "sign-in": 7 }, null],
  ["/dashboards", null],
  [undefined, null],
])("the errand of %j is %s", (state, expected) => expect(errandOf(state)).toBe(expected));
