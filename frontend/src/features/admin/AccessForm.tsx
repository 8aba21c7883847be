import { type SubmitEvent, useState } from "react";

import { type Entitled, narrowAccess, type TenantAccess } from "@/shared/api/admin";
import { type Problem, toProblem } from "@/shared/api/problem";
import { queryClient } from "@/shared/api/queryClient";
import { S } from "@/shared/strings";
import { Button } from "@/shared/ui/Button";
import { ConfirmDialog } from "@/shared/ui/ConfirmDialog";
import { ProblemNote } from "@/shared/ui/ProblemNote";
import { toast } from "@/shared/ui/toast";

import { EntitledField } from "./EntitledField";
import { beyond, narrows } from "./entitled";

interface Props {
  readonly access: TenantAccess;
  readonly etag: string | undefined;
}

/** Which symbols and tables the tenant sees. */
export function AccessForm({ access, etag }: Props) {
  const [symbols, setSymbols] = useState<Entitled>(access.symbols);
  const [tables, setTables] = useState<Entitled>(access.tables);
  const [asking, setAsking] = useState(false);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const allowed = beyond(symbols, access.granted_symbols).length + beyond(tables, access.granted_tables).length === 0;
  const save = async () => {
    setAsking(false);
    setBusy(true);
    try {
      await narrowAccess({ symbols, tables }, etag);
      toast(S.admin.saved);
      await queryClient.invalidateQueries();
    } catch (error) {
      const found = toProblem(error);
      if (found.status === 412) {
        toast(S.admin.conflict, "error");
        await queryClient.invalidateQueries({ queryKey: ["tenant-access"] });
      } else setProblem(found);
    } finally {
      setBusy(false);
    }
  };
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    setProblem(null);
    if (narrows(access.symbols, symbols) || narrows(access.tables, tables)) setAsking(true);
    else void save();
  };
  return (
    <form className="flex max-w-2xl flex-col gap-5" onSubmit={submit}>
      <p className="text-muted">{S.admin.accessIntro}</p>
      <EntitledField legend={S.admin.symbols} value={symbols} granted={access.granted_symbols} onValue={setSymbols} />
      <EntitledField legend={S.admin.tables} value={tables} granted={access.granted_tables} onValue={setTables} />
      {problem && <ProblemNote problem={problem} />}
      <Button tone="primary" type="submit" className="self-start" disabled={busy || !allowed}>
        {S.admin.save}
      </Button>
      {asking && (
        <ConfirmDialog
          title={S.admin.confirmTitle}
          text={S.admin.confirmText}
          confirm={S.admin.save}
          danger
          onConfirm={() => void save()}
          onClose={() => setAsking(false)}
        />
      )}
    </form>
  );
}
