import { FileUp, RefreshCw } from "lucide-react";
import { useState } from "react";

import { refreshTables } from "@/shared/api/catalogue";
import { toProblem } from "@/shared/api/problem";
import { formatSchema } from "@/shared/schema/types";
import { S } from "@/shared/strings";
import { Button } from "@/shared/ui/Button";
import { IconButton } from "@/shared/ui/IconButton";
import { SearchInput } from "@/shared/ui/SearchInput";
import { toast } from "@/shared/ui/toast";

import { text } from "../../kinds/configs";
import { CataloguePending } from "../../page/CataloguePending";
import { useAnalysis } from "../../store/analysis";
import { UploadDialog } from "../../uploads/UploadDialog";
import type { FormProps } from "../form";
import { errorAt } from "../problems";
import { AdjustField, RAW } from "./AdjustField";
import { ColumnList } from "./ColumnList";
import { TableList } from "./TableList";

/** Which table is read, and what its prices are adjusted for where it has prices. */
export function DataSourceForm({ node, output, problems, onChange }: FormProps) {
  const tables = useAnalysis((state) => state.tables);
  const ready = useAnalysis((state) => state.ready);
  const database = text(node.data["database"]);
  const table = text(node.data["table"]);
  const [picking, setPicking] = useState(false);
  const [uploading, setUploading] = useState(false);
  const [search, setSearch] = useState("");
  const chosen = tables.find((each) => each.database === database && each.table === table);

  if (table !== "" && !picking) {
    return (
      <div className="flex flex-col gap-3">
        <div className="flex items-start gap-2 rounded-md border border-line bg-sunken p-2.5">
          <div className="min-w-0 flex-1">
            <p className="font-mono text-xs font-medium break-all">{`${database}.${table}`}</p>
            {chosen?.comment && <p className="mt-0.5 text-xs text-muted">{chosen.comment}</p>}
            {chosen && <p className="mt-0.5 text-2xs text-muted">{S.settings.freshness(chosen.freshness)}</p>}
          </div>
          <Button onClick={() => setPicking(true)}>{S.settings.changeTable}</Button>
        </div>
        {chosen && (
          <AdjustField
            value={text(node.data["adjust"]) || RAW}
            offered={Boolean(chosen.adjustable)}
            error={errorAt(problems, "adjust")}
            onPick={(adjust) => onChange({ adjust: adjust === RAW ? undefined : adjust })}
          />
        )}
        {chosen && <ColumnList columns={output ? formatSchema(output) : chosen.columns} />}
      </div>
    );
  }
  return (
    <div className="flex min-h-0 flex-col gap-2">
      <div className="flex items-center gap-1">
        <SearchInput label={S.settings.searchTables} value={search} onText={setSearch} />
        <IconButton
          icon={RefreshCw}
          label={S.settings.refresh}
          onClick={() => {
            refreshTables().catch((error: unknown) => toast(toProblem(error).detail, "error"));
          }}
        />
      </div>
      <Button icon={FileUp} onClick={() => setUploading(true)}>
        {S.uploads.open}
      </Button>
      {uploading && (
        <UploadDialog
          onMade={(made) => {
            onChange({ database: made.database, table: made.table, adjust: undefined });
            setUploading(false);
            setPicking(false);
          }}
          onClose={() => setUploading(false)}
        />
      )}
      {!ready && <CataloguePending />}
      {ready && tables.length === 0 && <p className="text-muted">{S.settings.noCatalogue}</p>}
      <TableList
        tables={tables}
        search={search}
        current={chosen}
        onPick={(picked) => {
          onChange({
            database: picked.database,
            table: picked.table,
            ...(picked.adjustable ? {} : { adjust: undefined }),
          });
          setPicking(false);
          setSearch("");
        }}
      />
    </div>
  );
}
