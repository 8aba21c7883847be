import { expect, it } from "vitest";

import { isReturn, safePath } from "./signIn";

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
