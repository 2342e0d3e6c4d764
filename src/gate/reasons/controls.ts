import type { ControlChange } from '../../controls/index.ts';
import { SEVERITIES, type Severity } from '../../findings/index.ts';
import { classOf } from '../merge-action.ts';
import { type Occurrence, occurrence, type ReasonRow, type View } from '../reason.ts';

/** What the change does to security controls, as the control diff says it. */
export const CONTROL_REASONS: readonly ReasonRow[] = [
  {
    code: 'GATE020',
    name: 'control-weakened',
    title: 'A security control is weakened',
    what: 'The control diff reports a control that is weakened, or that differs in a way it cannot judge, with high severity; in dependencies, infrastructure and the text of files from medium on.',
    why: 'Guards that vanish in a helpful clean-up are the usual way in which a change opens a hole.',
    lifted: 'a second human who did not ask for the change',
    sources: ['gate reference 2.5.6', 'gate reference D12'],
    attack: 'An `if` that returned 403 is gone.',
    benign: 'The same check with its variables renamed.',
    find: (view) => rowsOf(view, isWeaker).map((change) => describe(change, 'needs-approval', 'approval')),
  },
  {
    code: 'GATE021',
    name: 'checks-disarmed',
    title: 'A check of the project itself is switched off',
    what: 'A meta class is weakened with high severity: a pipeline step that cannot fail any more, permission prompts of an agent, TLS verification, or tests that go together with the code they test.',
    why: 'What is not checked any more hides everything that comes later.',
    lifted: 'an approval that names the class, or this reason',
    sources: ['gate reference D12 (hard failure on meta classes)', 'incidents NA-4'],
    attack: '`|| true` behind the audit step.',
    benign: 'A further test.',
    find: (view) =>
      rowsOf(view, isDisarming).map((change) => describe(change, verdictOf(change, view), liftOf(change, view))),
  },
  {
    code: 'GATE022',
    name: 'capability-added',
    title: 'The program can do something new',
    what: 'A sink, a host, a secret, a right or an environment variable that was not used before, with high severity.',
    why: 'A capability is what an attacker uses later; it is cheapest to ask now.',
    lifted: 'a second human who did not ask for the change',
    sources: ['gate reference 2.5.3 (sinks or imports added)'],
    attack: 'A first `child_process.exec` in a web service.',
    benign: 'One more call of what the module does already.',
    find: (view) => rowsOf(view, isNewCapability).map((change) => describe(change, 'needs-approval', 'approval')),
  },
  {
    code: 'GATE023',
    name: 'controls-not-compared',
    title: 'A part of the change could not be compared',
    what: 'The control diff has a gap: a file that cannot be parsed, is too large, or is not in this clone.',
    why: 'A gap is never a pass.',
    lifted: 'a file that can be read, or an approval that names the file',
    sources: ['DESIGN §3.1 (fail closed, and say so)'],
    attack: 'A source file that no parser reads.',
    benign: 'A picture.',
    find: ({ evidence }) =>
      evidence.controls.gaps.map(({ message, place }) =>
        occurrence('incomplete', 'acceptance', `${place.file}: ${message}`, { place, names: [place.file] }),
      ),
  },
];

/** Groups in which a medium weakening is enough: they say little, and what they say is rarely noise. */
const QUIET_GROUPS: readonly string[] = ['dependency', 'infrastructure', 'repository', 'text'];

function isAtLeast(severity: Severity, least: Severity): boolean {
  return SEVERITIES.indexOf(severity) <= SEVERITIES.indexOf(least);
}

function rowsOf({ evidence }: View, wanted: (change: ControlChange) => boolean): readonly ControlChange[] {
  return evidence.controls.changes.filter(wanted);
}

function isLoss({ direction }: ControlChange): boolean {
  return direction === 'weakened' || direction === 'changed';
}

function isDisarming(change: ControlChange): boolean {
  const isLoud = isAtLeast(change.severity, change.group === 'test' ? 'medium' : 'high');
  return change.meta && change.direction !== 'strengthened' && change.direction !== 'moved' && isLoud;
}

function isWeaker(change: ControlChange): boolean {
  if (!isLoss(change) || isDisarming(change)) return false;
  return isAtLeast(change.severity, change.meta || QUIET_GROUPS.includes(change.group) ? 'medium' : 'high');
}

function isNewCapability(change: ControlChange): boolean {
  return change.direction === 'added-capability' && !isDisarming(change) && isAtLeast(change.severity, 'high');
}

/** Tests that go alone may be obsolete; with code they may have been in its way. What differs without direction asks a person. */
function verdictOf(change: ControlChange, view: View): 'blocked' | 'needs-approval' {
  const isSure = change.direction === 'weakened' || !view.isHuman;
  if (change.group === 'test') return isSure && changesCode(view) ? 'blocked' : 'needs-approval';
  return isSure ? 'blocked' : 'needs-approval';
}

function liftOf(change: ControlChange, view: View): 'acceptance' | 'approval' {
  return verdictOf(change, view) === 'blocked' ? 'acceptance' : 'approval';
}

function changesCode({ evidence }: View): boolean {
  return evidence.files.some(({ path }) => classOf(path) === 'source');
}

function describe(
  { control, group, severity, message, scope, before, after, subject }: ControlChange,
  verdict: Occurrence['verdict'],
  lift: Occurrence['lift'],
): Occurrence {
  const where = scope === '' ? '' : ` in ${scope}`;
  const file = (after ?? before)?.file ?? '';
  return occurrence(verdict, lift, `${file}${where}: ${message} (${control}, ${severity})`, {
    place: after ?? before,
    names: [control, group, subject, file],
  });
}
