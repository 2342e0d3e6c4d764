import { closeSync, fstatSync, openSync, readlinkSync } from 'node:fs';
import { isAlive, type ProcessEntry, processIds, readProcess } from '../system/index.ts';

/** The kinds by which a run's processes and System V objects are told from the host's (namespaces(7)). */
type Kind = 'pid' | 'ipc';

/**
 * The namespaces that exist for one run only: what is in them is the run's, and what is not in them is not. Each is held
 * open until `close`, because the kernel gives the number of a namespace that is gone to the next one.
 */
export class RunNamespaces {
  readonly #held = { pid: new Map<string, number>(), ipc: new Map<string, number>() };
  readonly #inHostIpc = new Map<number, ProcessEntry>();

  /** Holds the namespaces of these processes of the run. A process that is gone shows none: look while it lives. */
  observe(processes: readonly ProcessEntry[]): void {
    for (const entry of processes) {
      this.#hold(entry, 'pid');
      if (linkOf(entry.pid, 'ipc') === linkOf('self', 'ipc')) this.#inHostIpc.set(entry.pid, entry);
      else this.#hold(entry, 'ipc');
    }
  }

  /** Processes that were seen in the host's IPC namespace, where their System V objects would outlive them. */
  get inHostIpc(): readonly ProcessEntry[] {
    return [...this.#inHostIpc.values()];
  }

  count(kind: Kind): number {
    return this.#held[kind].size;
  }

  /** Processes alive in one of the run's namespaces, also those that were never seen before. */
  members(kind: Kind): readonly ProcessEntry[] {
    const held = this.#held[kind];
    if (held.size === 0) return [];
    const isMember = (pid: number): boolean => held.has(linkOf(pid, kind) ?? '');
    // A link first, because it is cheap; again once the process has a name, whose number may be another's by then.
    const entries = processIds()
      .filter(isMember)
      .flatMap((pid) => readProcess(pid) ?? []);
    return entries.filter((entry) => isMember(entry.pid) && isAlive(entry));
  }

  /** Lets go: a namespace without a member ends here, and with it what is in it. */
  close(): void {
    for (const descriptor of [...this.#held.pid.values(), ...this.#held.ipc.values()]) closeSync(descriptor);
    this.#held.pid.clear();
    this.#held.ipc.clear();
  }

  #hold(entry: ProcessEntry, kind: Kind): void {
    const link = linkOf(entry.pid, kind);
    if (link === undefined || link === linkOf('self', kind) || this.#held[kind].has(link)) return;
    const descriptor = openNamespace(entry.pid, kind);
    if (descriptor === undefined) return;
    const held = `${kind}:[${fstatSync(descriptor).ino}]`;
    // It may have moved on between the look and the opening: what is held is what counts.
    if (held === linkOf('self', kind) || this.#held[kind].has(held)) closeSync(descriptor);
    else this.#held[kind].set(held, descriptor);
  }
}

function openNamespace(pid: number, kind: Kind): number | undefined {
  try {
    return openSync(`/proc/${pid}/ns/${kind}`, 'r');
  } catch {
    // Ended in the meantime: what it leaves is found by its relatives.
    return undefined;
  }
}

function linkOf(pid: number | 'self', kind: Kind): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/ns/${kind}`);
  } catch {
    // Ended, a zombie, or another user's: none of them is ours.
    return undefined;
  }
}
