import { Plus } from "lucide-react";

import { S } from "@/shared/strings";
import { Button } from "@/shared/ui/Button";
import { FieldSet } from "@/shared/ui/Field";

import { type Aggregation, aggregationsOf, texts } from "../../kinds/configs";
import { ColumnSelect } from "../ColumnSelect";
import { ListRow } from "../ListRow";
import { firstMeasure } from "../aggregations";
import type { FormProps } from "../form";
import { movers, removeAt, replaceAt } from "../lists";
import { AggregationEditor } from "./AggregationEditor";

export function GroupByForm({ node, input, onChange }: FormProps) {
  const keys = texts(node.data["group_by"]);
  const aggregations = aggregationsOf(node.data);
  const setKeys = (next: readonly string[]) => onChange({ group_by: next });
  const setAggregations = (next: readonly Aggregation[]) => onChange({ aggregations: next });
  return (
    <div className="flex flex-col gap-4">
      <FieldSet legend={S.settings.keys}>
        {keys.map((key, index) => (
          <ListRow key={index} name={key} {...movers(keys, index, setKeys)} onRemove={() => setKeys(removeAt(keys, index))}>
            <ColumnSelect
              label={S.settings.column}
              schema={input}
              value={key}
              only={({ name }) => name === key || !keys.includes(name)}
              onPick={(column) => setKeys(replaceAt(keys, index, column))}
            />
          </ListRow>
        ))}
        <ColumnSelect
          label={S.settings.addKey}
          schema={input}
          value=""
          none={`+ ${S.settings.addKey}`}
          only={({ name }) => !keys.includes(name)}
          onPick={(column) => setKeys([...keys, column])}
        />
      </FieldSet>
      <FieldSet legend={S.settings.aggregations}>
        {aggregations.map((aggregation, index) => (
          <AggregationEditor
            key={index}
            aggregation={aggregation}
            schema={input}
            movers={movers(aggregations, index, setAggregations)}
            onChange={(next) => setAggregations(replaceAt(aggregations, index, next))}
            onRemove={() => setAggregations(removeAt(aggregations, index))}
          />
        ))}
        <Button
          icon={Plus}
          className="self-start"
          onClick={() => setAggregations([...aggregations, firstMeasure(input, keys)])}
        >
          {S.settings.addAggregation}
        </Button>
      </FieldSet>
    </div>
  );
}
