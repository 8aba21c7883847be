import { useId } from "react";

import { S } from "@/shared/strings";
import { Field } from "@/shared/ui/Field";
import { Select } from "@/shared/ui/inputs";

import type { DocNode } from "../document/doc";
import { inputsOf } from "../document/doc";
import { refusal } from "../document/wires";
import { nodeName, portsOf } from "../kinds";
import { disconnect, draw } from "../store/actions";
import { useCanvas } from "../store/canvas";

/** Where the rows come from: the wire as a choice, for those who do not drag. */
export function InputField({ node }: { readonly node: DocNode }) {
  const id = useId();
  const doc = useCanvas((state) => state.doc);
  const [current] = inputsOf(doc, node.id);
  const choices = doc.nodes
    .filter((other) => other === current || refusal(doc, portsOf, other.id, node.id) === null)
    .map((other) => ({ value: other.id, label: nodeName(doc, other) }));
  return (
    <Field label={S.settings.input} htmlFor={id}>
      <Select
        id={id}
        value={current?.id ?? ""}
        choices={[{ value: "", label: S.settings.noInput }, ...choices]}
        onPick={(source) => (source === "" ? disconnect(node.id) : draw(source, node.id, null))}
      />
    </Field>
  );
}
