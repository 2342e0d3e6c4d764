import type { AgentReport } from '../agents/index.ts';
import type { Agreement, LedgerEvent } from '../ledger/index.ts';
import { normalisePath } from '../policy/index.ts';
import type { Change, ChangedFile } from '../workspace/index.ts';
import type { Activity, ToolActivity } from './activity.ts';

/**
 * One record for each changed file: what was seen in the tree, against what the model asked for on the wire.
 * `match`: a granted call named the file. `unobserved`: a command could have written it, or the program talks to no
 * model at all. `mismatch`: the model was asked, and no call that was granted could have written it.
 */
export function fileChangeEvents(change: Change, activity: Activity, workspace: string): readonly LedgerEvent[] {
  const granted = activity.tools.filter((tool) => tool.verdict === 'allow');
  const silent = activity.model.requests === 0;
  const withheld = new Map(change.withheld.map((file) => [file.path, file]));
  const seen: LedgerEvent[] = change.files.map((file) => ({
    kind: 'file.change',
    subject: { path: file.path, status: file.status, class: file.class },
    observed: {
      addedLines: file.addedLines,
      removedLines: file.removedLines,
      binary: file.binary,
      mode: file.newMode ?? null,
    },
    agreement: silent ? 'unobserved' : agreementOf(file, granted, workspace),
  }));
  const kept: LedgerEvent[] = [...withheld.values()].map((file) => ({
    kind: 'file.change',
    subject: { path: file.path, status: 'withheld', rule: file.rule, reason: file.reason },
  }));
  return [...seen, ...kept];
}

/** A call that names the files it changes changes no others; any other call may run a command. */
function agreementOf(file: ChangedFile, granted: readonly ToolActivity[], workspace: string): Agreement {
  if (granted.some(({ writes }) => writes.some((path) => normalisePath(path, workspace) === file.path))) return 'match';
  return granted.some(({ writes }) => writes.length === 0) ? 'unobserved' : 'mismatch';
}

/** What the agent said about itself on its output, as it accumulates line by line. */
export class SelfReport {
  readonly #calls = new Set<string>();
  #version: string | undefined;
  #denied = 0;
  #turns: number | undefined;
  #heard = false;

  add(reports: readonly AgentReport[]): void {
    for (const report of reports) {
      this.#heard = true;
      if (report.kind === 'started') this.#version = report.version;
      if (report.kind === 'tool-call') this.#calls.add(report.call.id);
      if (report.kind === 'denied') this.#denied += 1;
      if (report.kind === 'finished') this.#turns = report.turns;
    }
  }

  /**
   * The record that compares it with the wire. A call that was reported but never crossed the wire, or a version other
   * than the installed one, is a mismatch; an agent that says nothing about itself is unobserved, not wrong.
   */
  event(tools: readonly ToolActivity[], installedVersion: string | undefined): LedgerEvent {
    const onWire = new Set(tools.map((tool) => tool.id));
    const invented = [...this.#calls].filter((id) => !onWire.has(id));
    const otherVersion =
      this.#version !== undefined && installedVersion !== undefined && this.#version !== installedVersion;
    return {
      kind: 'agent.report',
      subject: { source: 'standard output of the agent' },
      reported: {
        version: this.#version ?? null,
        toolCalls: this.#calls.size,
        denied: this.#denied,
        turns: this.#turns ?? null,
      },
      observed: { version: installedVersion ?? null, toolCalls: onWire.size, callsNotOnTheWire: invented.length },
      agreement: !this.#heard ? 'unobserved' : invented.length > 0 || otherVersion ? 'mismatch' : 'match',
    };
  }
}
