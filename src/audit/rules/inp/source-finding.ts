import type { AgentRun, Facts, UntrustedSource } from '../../../facts/index.ts';
import type { FindingDraft, RuleDescriptor, Severity } from '../../../findings/index.ts';
import type { Place } from '../../../syntax/index.ts';
import type { Rule } from '../../rule.ts';
import { flatSteps } from '../agent-job.ts';
import { isContained, titleOf } from '../agent-rule.ts';
import { containFix } from '../fixes.ts';
import { startsTogether } from '../places.ts';
import { isWide, weighSource, writtenRuns } from '../run-weight.ts';

type Channel = UntrustedSource['channel'];

/** Is it reported by the platform's own rule (GL003, JK001 and JK007, AZ002)? */
function isPlatformsOwn(run: AgentRun, source: UntrustedSource): boolean {
  const { channel, what } = source;
  const direct = channel === 'prompt' || channel === 'environment' || channel === 'file' || channel === 'command-line';
  switch (run.pipeline.platform) {
    case 'gitlab':
      return direct && /^(?:CI_|AI_FLOW_|TRIGGER_PAYLOAD|GITLAB_USER_)/.test(what);
    case 'jenkins':
      return direct && (/^(?:env\.|params\.)/.test(what) || isInScripts(run, source));
    case 'azure':
      return direct && isInScripts(run, source);
    default:
      return false;
  }
}

/** Those rules look at what is put into any script of the job, and at all of the agent's own. */
function isInScripts(run: AgentRun, { place }: UntrustedSource): boolean {
  return flatSteps(run.job.steps).some((step) =>
    step.run?.text.interpolations.some(
      (one) => startsTogether(one.place, place) && (one.expanded === 'before' || step === run.step),
    ),
  );
}

const WRITERS: Record<UntrustedSource['who'], string> = {
  anyone: 'Anybody can write it',
  'past-contributor': 'Anybody with one merged change can write it',
  member: 'Members write it; what a fork brings starts no run with secrets',
  maintainer: 'Maintainers write it',
  bot: 'A bot writes it, or whoever makes it act',
  schedule: 'Nobody is checked',
  'other-pipeline': 'Whoever starts the calling pipeline decides it, and no caller is in this repository',
};

/** Who can do it, what they gain, and why what stands in the way does not help. */
export function explainSource(run: AgentRun, source: Pick<UntrustedSource, 'who'>): string {
  const sentences = [`${WRITERS[source.who]}.`, gainOf(run)];
  if (run.gateStrength >= 2 && source.who === 'anyone')
    sentences.push('The gate decides who starts the agent, not who wrote the text: a member who starts it is enough.');
  if (run.capabilities.execute !== 'none')
    sentences.push('A sentence in the prompt that forbids it is no control: to the model both are text.');
  return sentences.join(' ');
}

function gainOf(run: AgentRun): string {
  const { execute, network, write } = run.capabilities;
  const power =
    execute === 'any'
      ? 'any command'
      : execute === 'listed'
        ? 'the granted commands'
        : network !== 'none'
          ? 'the network tools'
          : write === 'none'
            ? 'the answer'
            : 'the edits';
  const keys = run.credentials.filter(({ reachable }) => reachable === 'yes').map(({ name }) => name);
  const held = keys.length > 0 ? `, beside ${[...new Set(keys)].slice(0, 3).join(', ')}` : '';
  return `What it says decides over ${power} of ${titleOf(run)}${held}.`;
}

/** A source as the finding of a rule. */
function sourceDraft(
  descriptor: RuleDescriptor,
  run: AgentRun,
  source: UntrustedSource,
  facts: Facts,
  wording: { readonly message: string; readonly severity: Severity; readonly place?: Place },
): FindingDraft {
  const place = wording.place ?? source.place;
  return {
    rule: descriptor.id,
    message: wording.message,
    detail: explainSource(run, source),
    severity: wording.severity,
    confidence: source.channel === 'prompt' || source.channel === 'command-line' ? 'high' : descriptor.confidence,
    place,
    subject: `${run.job.id} ${run.invocation.product} ${source.channel} ${source.what}`,
    related: [
      ...source.steps.map((step) => ({ place: step.place, message: step.message })),
      { place: run.invocation.place, message: `the agent: ${run.invocation.spelled}` },
    ],
    fixes: isContained(run) ? [] : containFix(run, facts),
  };
}

/** One rule about sources that come by certain channels. */
export interface ChannelRow {
  readonly descriptor: RuleDescriptor;
  readonly channels: readonly Channel[];
  /** Is this one meant? */
  readonly applies?: (run: AgentRun, source: UntrustedSource) => boolean;
  readonly severity?: (run: AgentRun, source: UntrustedSource) => Severity;
  readonly message: (run: AgentRun, source: UntrustedSource) => string;
  /** One finding for each agent and channel, however many sources come by it. */
  readonly once?: boolean;
}

export function channelRule(row: ChannelRow): Rule {
  const { descriptor } = row;
  return {
    ...descriptor,
    check: (facts) =>
      writtenRuns(facts).flatMap((run) =>
        byPlace(
          run.sources
            .filter((source) => row.channels.includes(source.channel) && !isPlatformsOwn(run, source))
            .filter((source) => row.applies?.(run, source) ?? true)
            .filter(
              ({ channel }, index, all) => !row.once || all.findIndex((other) => other.channel === channel) === index,
            ),
        ).map((source) =>
          sourceDraft(descriptor, run, source, facts, {
            message: row.message(run, source),
            severity: weighSource(run, source, row.severity?.(run, source) ?? descriptor.severity),
          }),
        ),
      ),
  };
}

/** `${{ a || b }}` is one place and one finding; the widest circle of writers counts. */
function byPlace(sources: readonly UntrustedSource[]): readonly UntrustedSource[] {
  const kept = new Map<string, UntrustedSource>();
  for (const source of sources) {
    const key = `${source.channel} ${source.place.file} ${source.place.span.start}`;
    const known = kept.get(key);
    if (known === undefined) kept.set(key, source);
    else kept.set(key, { ...(isWide(source.who) ? source : known), what: `${known.what} or ${source.what}` });
  }
  return [...kept.values()];
}

const LONGEST_COMMAND = 60;

/** A value by its name, a command as one short line. */
export function spell(what: string): string {
  const line = what.replace(/\\?\s+/g, ' ').trim();
  if (!/^(?:gh|glab|az|curl|wget|git)\s/.test(line)) return line;
  return `\`${line.length > LONGEST_COMMAND ? `${line.slice(0, LONGEST_COMMAND)}…` : line}\``;
}
