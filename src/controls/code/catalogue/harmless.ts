import type { ControlGroup } from '../../model.ts';
import type { CodeControl } from '../model.ts';

const ROWS: readonly (readonly [id: string, group: ControlGroup, title: string, meaning: string])[] = [
  ['guard-added', 'guard', 'A check was added', 'A branch refuses that was not there before.'],
  ['guard-strengthened', 'guard', 'A check refuses more', 'A branch refuses in more cases.'],
  [
    'guard-moved',
    'guard',
    'A check stands elsewhere',
    'The same check stands in a function of this change that now runs in its place: it is called there, put before the route or the function, or inherited, and nothing in it lets anybody past before. In one that only calls this one it is reported as changed, medium.',
  ],
  [
    'call-moved',
    'call',
    'A checking call stands elsewhere',
    'The same call is made in a function of this change that now runs in its place, as with a check that stands elsewhere.',
  ],
  [
    'security-call-added',
    'call',
    'A call that checks was added',
    'A checking function is called that was not called here before.',
  ],
  ['function-added', 'guard', 'A function with checks is new', 'A function that holds checks or words of access came.'],
  [
    'function-moved',
    'guard',
    'A function stands in another file',
    'A function of the same name, with the same checks, is new in another file of the change.',
  ],
  ['condition-strengthened', 'guard', 'A condition demands more', 'A condition or an answer holds in fewer cases.'],
  [
    'security-option-strengthened',
    'option',
    'A setting protects more',
    'A switch whose name protects is on, or one whose name opens is off.',
  ],
  [
    'list-strengthened',
    'list',
    'A list protects more',
    'A list of what is allowed is shorter, or one of what is refused is longer.',
  ],
  [
    'pattern-strengthened',
    'pattern',
    'A pattern matches less',
    'A regular expression has another anchor or a narrower class.',
  ],
  [
    'policy-narrowed',
    'policy-text',
    'A rule written as text lets in less',
    'A clause that must hold was added to a rule.',
  ],
];

/** Changes for the better, and for neither: rows for the reader, which raise no alarm. */
export const HARMLESS_CONTROLS: readonly CodeControl[] = ROWS.map(([id, group, title, meaning]) => ({
  id,
  group,
  title,
  meaning,
  why: 'It tells a reviewer where a control went, or that one came.',
  examples: [],
}));
