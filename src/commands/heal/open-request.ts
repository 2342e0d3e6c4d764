import { setTimeout } from 'node:timers/promises';
import type { RuleDescriptor } from '../../findings/index.ts';
import {
  detectContext,
  type Environment,
  type ForgeAccess,
  proposeChange,
  renderProposal,
} from '../../forges/index.ts';
import type { Healing } from '../../review/index.ts';
import type { SourceTree } from '../../syntax/index.ts';
import { systemClock } from '../../system/index.ts';
import { readEvent } from '../post/event.ts';
import { chooseAccess, chooseTarget, type TargetFlags } from '../post/target.ts';
import type { Placed } from './report.ts';

/** Where a request is to go, and how the forge lets us in. */
export interface Destination {
  readonly repository: string;
  readonly access: ForgeAccess;
}

/** @throws SallyportError SP2402 without a repository or a token */
export async function findDestination(flags: TargetFlags, environment: Environment): Promise<Destination> {
  const context = detectContext(environment, await readEvent(environment['GITHUB_EVENT_PATH']));
  const { forge, repository } = chooseTarget(flags, context);
  return { repository, access: chooseAccess(forge, flags, context, environment) };
}

/** A verified patch, and the request for it. */
export interface RequestToOpen {
  readonly destination: Destination;
  readonly tree: SourceTree;
  readonly healing: Healing;
  readonly rules: readonly RuleDescriptor[];
  /** Of the commit. */
  readonly message: string;
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly branch: string | undefined;
  readonly target: string | undefined;
}

/** @throws SallyportError SP2411 when the forge opens no request */
export async function openRequest(asked: RequestToOpen): Promise<Placed> {
  const { destination, tree, healing, rules, message, now, target } = asked;
  const { target: finding, files, judgement } = healing;
  const branch = asked.branch ?? `heal/${finding.fingerprint.slice(0, 12)}`;
  const title = rules.find(({ id }) => id === finding.rule)?.title ?? finding.rule;
  const modes = new Map(tree.entries.map((entry) => [entry.path, entry.kind === 'file' && entry.executable]));
  const proposal = {
    repository: destination.repository,
    baseCommit: tree.revision,
    target,
    branch,
    files: files.map((file) => ({ ...file, executable: modes.get(file.path) ?? false })),
    message,
    date: new Date(now).toISOString().replace(/\.\d+Z$/, 'Z'),
    ...renderProposal({
      rule: finding.rule,
      title,
      file: finding.place.file,
      fingerprint: finding.fingerprint,
      checks: judgement.checks,
    }),
  };
  const sleep = (milliseconds: number): Promise<void> => setTimeout(milliseconds);
  const request = await proposeChange(destination.access, proposal, { clock: systemClock, sleep });
  return { branch, request };
}
