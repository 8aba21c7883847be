import { useMutation } from "@tanstack/react-query";
import { type SubmitEvent, useId, useState } from "react";

import { toProblem } from "@/shared/api/problem";
import { commitUpload, type UploadedTable, uploadFile } from "@/shared/api/uploads";
import { DataTable } from "@/shared/components/table/DataTable";
import { S } from "@/shared/strings";
import { Button } from "@/shared/ui/Button";
import { Dialog } from "@/shared/ui/Dialog";
import { Field } from "@/shared/ui/Field";
import { ProblemNote } from "@/shared/ui/ProblemNote";
import { Checkbox, TextInput } from "@/shared/ui/inputs";
import { toast } from "@/shared/ui/toast";

import { DropArea } from "./DropArea";
import { isTableName, tableNameOf } from "./tableName";

const TAKEN = 409;

interface Props {
  readonly onMade: (table: UploadedTable) => void;
  readonly onClose: () => void;
}

/** A file becomes a table: read it, look at its types and first rows, give it a name. */
export function UploadDialog({ onMade, onClose }: Props) {
  const id = useId();
  const [name, setName] = useState("");
  const [replace, setReplace] = useState(false);
  const read = useMutation({
    mutationFn: (file: File) => {
      setName(tableNameOf(file.name));
      return uploadFile(file);
    },
  });
  const commit = useMutation({
    mutationFn: (uploadId: string) => commitUpload(uploadId, name, replace),
    onSuccess: (table) => {
      toast(S.uploads.made(table.table));
      onMade(table);
    },
  });
  const found = read.data;
  const taken = commit.error !== null && toProblem(commit.error).status === TAKEN;
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (found && isTableName(name)) commit.mutate(found.id);
  };
  return (
    <Dialog
      title={S.uploads.title}
      onClose={onClose}
      wide
      footer={
        found && (
          <>
            <Button
              onClick={() => {
                read.reset();
                commit.reset();
              }}
            >
              {S.uploads.another}
            </Button>
            <Button tone="primary" type="submit" form={`${id}-form`} disabled={commit.isPending || !isTableName(name)}>
              {S.uploads.commit}
            </Button>
          </>
        )
      }
    >
      {read.error && <ProblemNote problem={toProblem(read.error)} />}
      {!found && <DropArea busy={read.isPending ? read.variables.name : null} onFile={read.mutate} />}
      {found && (
        <>
          <p className="text-muted">{S.uploads.found(found.row_count, found.columns.length)}</p>
          <div className="h-64 overflow-hidden rounded-md border border-line">
            <DataTable label={S.uploads.preview(read.variables.name)} columns={found.columns} rows={found.rows} />
          </div>
          <form id={`${id}-form`} className="flex flex-col gap-2" onSubmit={submit}>
            <Field label={S.uploads.name} htmlFor={`${id}-name`} error={isTableName(name) ? undefined : S.uploads.badName}>
              <TextInput id={`${id}-name`} value={name} maxLength={63} onChange={(event) => setName(event.target.value)} />
            </Field>
            {(taken || replace) && <Checkbox label={S.uploads.replace} checked={replace} onCheck={setReplace} />}
          </form>
          {commit.error && <ProblemNote problem={toProblem(commit.error)} />}
        </>
      )}
    </Dialog>
  );
}
