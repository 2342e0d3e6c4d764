import { argumentOf, type GroovyBlock, type GroovyCall, type Place, stringOf } from '../../syntax/index.ts';
import type { Condition, Gate, Trigger } from '../model.ts';
import { impliedText, placeIn } from '../text/template-text.ts';
import { callsOf } from './agent.ts';
import { callsBelow } from './calls-below.ts';
import type { GroovyScope } from './values.ts';
import { admitsNamedPeople } from './webhook.ts';

/** Triggers of `triggers { … }` and `properties([pipelineTriggers(…)])` by the name of their step. */
const TRIGGERS: Readonly<Record<string, Pick<Trigger, 'event' | 'who' | 'untrusted'>>> = {
  cron: { event: 'cron', who: 'schedule', untrusted: false },
  pollSCM: { event: 'scm', who: 'member', untrusted: false },
  upstream: { event: 'upstream', who: 'other-pipeline', untrusted: false },
  githubPush: { event: 'scm', who: 'member', untrusted: false },
  gitlab: { event: 'change-request', who: 'anyone', untrusted: true },
  ghprb: { event: 'change-request', who: 'anyone', untrusted: true },
  githubPullRequests: { event: 'change-request', who: 'anyone', untrusted: true },
  issueCommentTrigger: { event: 'comment', who: 'anyone', untrusted: true },
  pullRequestReview: { event: 'comment', who: 'anyone', untrusted: true },
  GenericTrigger: { event: 'webhook', who: 'anyone', untrusted: true },
  genericTrigger: { event: 'webhook', who: 'anyone', untrusted: true },
  githubBranches: { event: 'scm', who: 'member', untrusted: false },
};

/** A webhook whose filter lets only named people through. */
const NAMED_PEOPLE: Pick<Trigger, 'event' | 'who' | 'untrusted'> = {
  event: 'webhook',
  who: 'member',
  untrusted: false,
};

/** Signs that the job is built for pull requests: the names that only such a build has. */
const CHANGE_REQUEST =
  /\bCHANGE_[A-Z_]+\b|\bchangeRequest\b|\bghprb[A-Z]\w*|\bpullRequest\.|\bgitlabMergeRequest\w*|\bGITHUB_PR_\w+/g;

/** A stage that keeps pull requests out is no sign of them. */
const NO_CHANGE_REQUEST = /\bnot\s*\{\s*changeRequest\b/g;

/**
 * What starts a Jenkinsfile. Which branches and forks are built is set in the controller, so a job that speaks of pull
 * requests is taken to be built for them, with the job's credentials.
 */
export function readTriggers(block: GroovyBlock, source: string, file: string): readonly Trigger[] {
  const whole = placeIn(file, { start: block.span.start, end: Math.min(block.span.end, block.span.start + 1) });
  const triggers: Trigger[] = [makeTrigger({ event: 'scm', who: 'member', untrusted: false }, whole)];
  for (const call of callsBelow(block, 12)) {
    const row = Object.hasOwn(TRIGGERS, call.name) ? TRIGGERS[call.name] : undefined;
    if (row) {
      const known = row.event === 'webhook' && admitsNamedPeople(call);
      triggers.push(makeTrigger(known ? NAMED_PEOPLE : row, placeIn(file, call.nameSpan)));
    }
    if (call.name === 'parameters')
      triggers.push(makeTrigger({ event: 'manual', who: 'member', untrusted: false }, placeIn(file, call.nameSpan)));
  }
  const sign = CHANGE_REQUEST.exec(
    blankComments(source).replace(NO_CHANGE_REQUEST, (found) => ' '.repeat(found.length)),
  );
  CHANGE_REQUEST.lastIndex = 0;
  if (sign && !triggers.some(({ event }) => event === 'change-request')) {
    const place = placeIn(file, { start: sign.index, end: sign.index + sign[0].length });
    triggers.push(makeTrigger({ event: 'change-request', who: 'anyone', untrusted: true }, place));
  }
  return triggers;
}

function makeTrigger(row: Pick<Trigger, 'event' | 'who' | 'untrusted'>, place: Place): Trigger {
  return { ...row, types: [], branches: [], paths: [], privileged: true, place };
}

/** Comments on lines of their own do not count as signs. */
function blankComments(source: string): string {
  return source
    .split('\n')
    .map((line) => (/^\s*(?:\/\/|\*)/.test(line) ? ' '.repeat(line.length) : line))
    .join('\n');
}

/** The condition of `when { … }` or of an `if` in a script. */
export function readWhen(call: GroovyCall, scope: GroovyScope, file: string, source: string): Condition {
  const span = call.body?.span ?? call.span;
  const place = placeIn(file, span);
  const text = source.slice(span.start, span.end);
  return {
    text: impliedText(text, place),
    references: scope.valuesIn(text),
    gates: gatesIn(call, file),
    alwaysTrue: false,
    runsAfterFailure: false,
  };
}

function gatesIn(call: GroovyCall, file: string): readonly Gate[] {
  return callsOf(call.body).flatMap((inner): readonly Gate[] => {
    const place = placeIn(file, inner.span);
    const branch =
      inner.name === 'branch' ? stringOf(argumentOf(inner, 'pattern') ?? argumentOf(inner))?.text : undefined;
    if (branch !== undefined && /^(?:main|master|release.*|production)$/.test(branch)) {
      return [{ strength: 3, kind: 'branch-protection', spoofable: undefined, principal: 'pusher', place }];
    }
    if (inner.name === 'allOf') return gatesIn(inner, file);
    return [];
  });
}

/** A person who may build this job has to go on. */
export function inputGate(call: GroovyCall, file: string): Gate {
  return {
    strength: 3,
    kind: 'permission-check',
    spoofable: undefined,
    principal: 'actor',
    place: placeIn(file, call.span),
  };
}
