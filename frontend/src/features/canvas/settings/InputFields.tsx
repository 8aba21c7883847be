import { ArrowUpDown } from "lucide-react";
import { useId } from "react";

import { S } from "@/shared/strings";
import { Button } from "@/shared/ui/Button";
import { Field, FieldSet } from "@/shared/ui/Field";
import { type Choice, Select } from "@/shared/ui/inputs";

import { type Doc, type DocEdge, type DocNode, findNode } from "../document/doc";
import { type Port, wiresAt } from "../document/ports";
import { refusal } from "../document/wires";
import { kindOf, nodeName, portsOf } from "../kinds";
import { disconnect, draw, moveWire, redirect, swapInputs } from "../store/actions";
import { useCanvas } from "../store/canvas";
import { ListRow } from "./ListRow";

/** Where the rows come from: the wires as choices, for those who do not drag. */
export function InputFields({ node }: { readonly node: DocNode }) {
  const doc = useCanvas((state) => state.doc);
  const { inputs } = kindOf(node.type);
  const [first, second] = inputs.map((port) => wiresAt(doc, node.id, port)[0]);
  return (
    <>
      {inputs.map((port) =>
        port.most > 1 ? (
          <WireList key={port.handle} doc={doc} node={node} port={port} />
        ) : (
          <WireField key={port.handle} doc={doc} node={node} port={port} />
        ),
      )}
      {inputs.length === 2 && first && second && (
        <Button icon={ArrowUpDown} className="self-start" onClick={() => swapInputs(node.id)}>
          {S.settings.swapInputs}
        </Button>
      )}
    </>
  );
}

interface Props {
  readonly doc: Doc;
  readonly node: DocNode;
  readonly port: Port;
}

function WireField({ doc, node, port }: Props) {
  const id = useId();
  const [current] = wiresAt(doc, node.id, port);
  return (
    <Field label={port.handle === null ? S.settings.input : S.settings.inputOf(port.handle)} htmlFor={id}>
      <Select
        id={id}
        value={current?.source ?? ""}
        choices={[{ value: "", label: S.settings.noInput }, ...sources(doc, node, port.handle, current)]}
        onPick={(source) => {
          if (source === "") disconnect(new Set(current && [current.id]));
          else if (current) redirect(current.id, source);
          else draw(source, node.id, port.handle);
        }}
      />
    </Field>
  );
}

/** The wires of a port that takes several: their order is that of the rows' columns. */
function WireList({ doc, node, port }: Props) {
  const wires = wiresAt(doc, node.id, port);
  return (
    <FieldSet legend={S.settings.inputs}>
      {wires.map((wire, index) => (
        <ListRow
          key={wire.id}
          name={S.settings.inputNumber(index + 1)}
          onUp={index > 0 ? () => moveWire(wire.id, -1) : undefined}
          onDown={index < wires.length - 1 ? () => moveWire(wire.id, 1) : undefined}
          onRemove={() => disconnect(new Set([wire.id]))}
        >
          <Select
            aria-label={S.settings.inputNumber(index + 1)}
            value={wire.source}
            choices={sources(doc, node, port.handle, wire)}
            onPick={(source) => redirect(wire.id, source)}
          />
        </ListRow>
      ))}
      <Select
        aria-label={S.settings.addInput}
        value=""
        choices={[{ value: "", label: `+ ${S.settings.addInput}` }, ...sources(doc, node, port.handle, undefined)]}
        onPick={(source) => draw(source, node.id, port.handle)}
      />
    </FieldSet>
  );
}

/** The nodes that may feed a port, and the one that does. */
function sources(doc: Doc, node: DocNode, handle: string | null, current: DocEdge | undefined): Choice[] {
  const now = current && findNode(doc, current.source);
  return doc.nodes
    .filter((other) => other === now || refusal(doc, portsOf, other.id, node.id, handle) === null)
    .map((other) => ({ value: other.id, label: nodeName(doc, other) }));
}
