import { expect, it } from "vitest";

import { asOfText } from "./asOf";
import { titleOf } from "./titles";

const widget = (config: Record<string, unknown>, widget_type = "line_chart") => ({
  id: "w",
  workflow_id: "f",
  output_node_id: "n",
  widget_type,
  config,
});

it("titles a widget by its own title, its workflow, or its type", () => {
  const workflows = [{ id: "f", name: "Closes", updated_at: "" }];
  expect(titleOf(widget({ title: "Mine" }), workflows)).toBe("Mine");
  expect(titleOf(widget({ title: " " }), workflows)).toBe("Closes");
  expect(titleOf(widget({}), undefined)).toBe("Line chart");
  expect(titleOf(widget({}, "gauge"), undefined)).toBe("gauge");
});

it("tells the moment of the oldest rows", () => {
  const result = (as_of: string) => ({ widget_id: as_of, status: 200, data: { as_of } as never });
  expect(asOfText([result("2026-03-02T10:00:00.5Z"), result("2026-03-02T09:00:00Z")])).toBe("as of 2026-03-02 09:00:00 UTC");
  expect(asOfText([{ widget_id: "a", status: 500 }])).toBe("");
});
