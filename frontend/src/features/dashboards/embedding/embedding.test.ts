import { describe, expect, it } from "vitest";

import { readOrigins } from "./origins";
import { pageSnippet, SERVERS } from "./snippets";

describe("origins", () => {
  it("may stand on lines or between commas, each once", () => {
    const text = "https://a.example.com\n https://a.example.com/ , http://localhost:3000";
    expect(readOrigins(text)).toEqual({ origins: ["https://a.example.com", "http://localhost:3000"], bad: null });
  });

  it.each(["example.com", "https://a.example.com/page", "https://*.example.com", "ftp://x", "https://u@x.com", "https://"])(
    "%s is none",
    (text) => expect(readOrigins(text).bad).toBe(text),
  );
});

describe("code to paste", () => {
  const embedding = { origin: "https://ff.example.com", widgetId: "w-1", keyId: "k-1", title: `"><script>x` };

  it("never takes a title for markup", () => {
    expect(pageSnippet(embedding)).toContain('title="&quot;&gt;&lt;script&gt;x"');
  });

  it("fits on a screen, and sends tokens to one origin only", () => {
    for (const code of [pageSnippet(embedding), SERVERS.python(embedding), SERVERS.node(embedding)]) {
      expect(code.split("\n").length).toBeLessThanOrEqual(30);
      expect(code).toContain(embedding.origin);
      expect(code).not.toContain('"*"');
    }
  });
});
