import type { ControlClass } from '../control-class.ts';
import type { FactClass } from '../facts/compare-facts.ts';
import { fileChange } from './example.ts';

const COMMON = { group: 'test', direction: 'weakened', meta: true } as const;
const FILE = 'test/auth.test.js';
const DENIES = "test('denies', () => { expect(can('x')).toBe(false) })\n";
const ALLOWS = "test('allows', () => { expect(can('y')).toBe(true) })\n";

/** Whether tests are there, run, and claim something. Tests of all changed files are compared together. */
export const TEST_CLASSES: readonly FactClass[] = [
  {
    ...COMMON,
    id: 'test-removed',
    moved: 'The test "{subject}" stands in another file now',
    severity: 'high',
    movable: true,
    title: 'A test is gone',
    why: 'The fault that it would find is found by nobody.',
    advice: 'Keep the test, or name the one that takes its place.',
    tags: ['CWE-1053'],
    weakened: 'The test "{subject}" is gone',
    strengthened: 'The test "{subject}" is new',
    attack: fileChange(FILE, DENIES + ALLOWS, ALLOWS),
    benign: {
      before: [{ file: FILE, text: DENIES + ALLOWS }],
      after: [
        { file: FILE, text: ALLOWS },
        { file: 'test/denied.test.js', text: DENIES },
      ],
    },
  },
  {
    ...COMMON,
    id: 'test-skipped',
    severity: 'high',
    movable: true,
    title: 'A test no longer counts',
    why: 'It is skipped, or passes when it fails.',
    advice: 'Mend the test or the program.',
    tags: ['CWE-1053'],
    weakened: 'The {scope} no longer counts: {subject}',
    strengthened: 'The {scope} counts again',
    attack: fileChange(FILE, DENIES, DENIES.replace('test(', 'test.skip(')),
    benign: fileChange(FILE, DENIES, DENIES + ALLOWS),
  },
  {
    ...COMMON,
    id: 'test-focused',
    severity: 'high',
    movable: true,
    always: true,
    title: 'Only one test runs',
    why: 'Every other test of the file is left out, and the run is green.',
    advice: 'Take the mark away.',
    tags: ['CWE-1053'],
    weakened: 'Only the {scope} runs; the others of its file are left out',
    strengthened: 'The {scope} no longer keeps the others from running',
    attack: fileChange(FILE, DENIES + ALLOWS, DENIES + ALLOWS.replace('test(', 'test.only(')),
    benign: fileChange(FILE, DENIES + ALLOWS, ALLOWS + DENIES),
  },
  {
    ...COMMON,
    id: 'assertion-loosened',
    severity: 'medium',
    movable: true,
    title: 'A test claims less',
    why: 'It runs and is green, also when the program is wrong.',
    advice: 'Keep what it claimed.',
    tags: ['CWE-1053'],
    weakened: 'The {scope} claims less: {now} (before: {was})',
    strengthened: 'The {scope} claims more',
    changed: { says: 'The {scope} claims something else: {now} (before: {was})', severity: 'low' },
    attack: fileChange(FILE, DENIES, DENIES.replace('.toBe(false)', '.toBeDefined()')),
    benign: fileChange(FILE, DENIES, `// who may not\n${DENIES.replace('() => {', '() => {\n ')}`),
  },
];

/** What the entries of the tree tell of tests. */
export const SNAPSHOT_CLASSES: readonly ControlClass[] = [
  {
    ...COMMON,
    id: 'snapshots-rewritten',
    direction: 'changed',
    severity: 'medium',
    title: 'Many snapshots were rewritten at once',
    why: 'They say what the program did, not what it should do; nobody reads a thousand lines of them.',
    advice: 'Look at the first and at the odd ones; split the change.',
    tags: ['CWE-1053'],
    attack: {
      before: [1, 2, 3, 4, 5].map((at) => ({ file: `test/__snapshots__/a${at}.snap`, text: 'old\n' })),
      after: [1, 2, 3, 4, 5].map((at) => ({ file: `test/__snapshots__/a${at}.snap`, text: 'new\n' })),
    },
    benign: fileChange('test/__snapshots__/a.snap', 'old\n', 'new\n'),
  },
];
