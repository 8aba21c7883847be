import { Ellipsis, FilePlus2, FolderOpen, Redo2, Save, Undo2 } from "lucide-react";
import { useState } from "react";
import { useNavigate } from "react-router";
import { useStore } from "zustand";

import { S } from "@/shared/strings";
import { Button } from "@/shared/ui/Button";
import { ConfirmDialog } from "@/shared/ui/ConfirmDialog";
import { IconButton } from "@/shared/ui/IconButton";
import { Menu } from "@/shared/ui/Menu";

import { tidyLayout } from "../store/actions";
import { isDirty, redo, rename, undo, useCanvas } from "../store/canvas";
import { openNew } from "../store/persistence";
import { VersionsDialog } from "../versions/VersionsDialog";
import { OpenDialog } from "./OpenDialog";
import { ProblemsMenu } from "./ProblemsMenu";
import { SaveDialogs } from "./SaveDialogs";
import { SavedState } from "./SavedState";
import { ShortcutsDialog } from "./ShortcutsDialog";
import type { Saving } from "./useSave";

type Open = "open" | "new" | "versions" | null;

interface Props {
  readonly saving: Saving;
  readonly showKeys: boolean;
  readonly onKeys: (show: boolean) => void;
}

/** The workflow's name, whether it is saved, and what can be done with it as a whole. */
export function CanvasHeader({ saving, showKeys, onKeys }: Props) {
  const navigate = useNavigate();
  const name = useCanvas((state) => state.workflow.name);
  const workflowId = useCanvas((state) => state.workflow.id);
  const empty = useCanvas((state) => state.doc.nodes.length === 0);
  const dirty = useCanvas(isDirty);
  const past = useStore(useCanvas.temporal, (state) => state.pastStates.length);
  const future = useStore(useCanvas.temporal, (state) => state.futureStates.length);
  const [dialog, setDialog] = useState<Open>(null);
  const startNew = () => {
    setDialog(null);
    openNew();
    void navigate("/canvas");
  };
  return (
    <div className="flex h-10 shrink-0 items-center gap-1 border-b border-line bg-surface px-2">
      <input
        aria-label={S.canvas.workflowName}
        value={name}
        placeholder={S.canvas.untitled}
        maxLength={200}
        spellCheck={false}
        onChange={(event) => rename(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === "Enter" || event.key === "Escape") event.currentTarget.blur();
        }}
        className="h-7 min-w-16 rounded-md border border-transparent bg-transparent px-1.5 font-semibold [field-sizing:content] hover:border-line-strong focus:border-line-strong max-sm:max-w-28"
      />
      <SavedState saving={saving.saving} />
      <div className="ml-auto flex items-center gap-0.5">
        <ProblemsMenu />
        <IconButton icon={Undo2} label={S.canvas.undo} disabled={past === 0} onClick={undo} />
        <IconButton icon={Redo2} label={S.canvas.redo} disabled={future === 0} onClick={redo} />
        <span aria-hidden className="mx-1 h-5 w-px bg-line max-sm:hidden" />
        <Button
          tone="quiet"
          icon={FilePlus2}
          aria-label={S.canvas.new}
          onClick={() => (dirty ? setDialog("new") : startNew())}
        >
          <span className="max-sm:hidden">{S.canvas.new}</span>
        </Button>
        <Button tone="quiet" icon={FolderOpen} aria-label={S.canvas.open} onClick={() => setDialog("open")}>
          <span className="max-sm:hidden">{S.canvas.open}</span>
        </Button>
        <Button
          tone="primary"
          icon={Save}
          aria-label={S.common.save}
          disabled={saving.saving || (empty && !dirty)}
          onClick={saving.saveNow}
        >
          <span className="max-sm:hidden">{S.common.save}</span>
        </Button>
        <Menu
          label={S.canvas.more}
          button={<Ellipsis aria-hidden size={16} />}
          items={[
            { label: S.canvas.saveAs, disabled: empty, run: () => saving.ask("copy") },
            { label: S.versions.menu, disabled: workflowId === null, run: () => setDialog("versions") },
            { label: S.canvas.tidy, disabled: empty, run: tidyLayout },
            { label: S.canvas.shortcuts, keys: "?", run: () => onKeys(true) },
          ]}
        />
      </div>
      {dialog === "open" && <OpenDialog onClose={() => setDialog(null)} />}
      {dialog === "versions" && workflowId !== null && (
        <VersionsDialog workflowId={workflowId} onClose={() => setDialog(null)} />
      )}
      {dialog === "new" && (
        <ConfirmDialog
          title={S.canvas.leaveTitle}
          text={S.canvas.leaveText}
          confirm={S.canvas.leave}
          danger
          onConfirm={startNew}
          onClose={() => setDialog(null)}
        />
      )}
      {showKeys && <ShortcutsDialog onClose={() => onKeys(false)} />}
      <SaveDialogs saving={saving} />
    </div>
  );
}
