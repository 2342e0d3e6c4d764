import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { type Comparer, openComparer } from './comparer.ts';

/** One line of a program, the same one weakened, and a change of it that weakens nothing. */
interface Form {
  readonly title: string;
  readonly path: string;
  readonly control: string;
  readonly around: (line: string) => string;
  readonly kept: string;
  readonly lost: string;
  readonly twin: string;
}

const alone = (line: string): string => `${line}\n`;
const go = (line: string): string => `package a\n\nfunc Do(u *User, plain []byte) (bool, error) {\n\t${line}\n}\n`;
const java = (line: string): string => `class A {\n  Encoder encoder() {\n    ${line}\n  }\n}\n`;
const filter = (line: string): string =>
  `export const up = multer({\n  fileFilter(_r, file, done) {\n    ${line}\n  },\n});\n`;
const origin = (test: string): string =>
  `export function origin(origin, callback) {\n  if (origin === undefined || ${test}) {\n    callback(null, true);\n    return;\n  }\n  callback(new Error('no'));\n}\n`;
const allowed = (answer: string): string =>
  go(
    `rel, err := store.Relation(u)\n\tif err != nil {\n\t\tslog.Error("relation", "err", err)\n\t\treturn ${answer}\n\t}\n\treturn rel.Can()`,
  )
    .replace('func Do', 'func Allowed')
    .replace('(bool, error)', 'bool');

const FORMS: readonly Form[] = [
  {
    title: 'a session lasts ten times as long',
    path: 'settings.py',
    control: 'lifetime-raised',
    around: alone,
    kept: 'SESSION_COOKIE_AGE = 60 * 60 * 2',
    lost: 'SESSION_COOKIE_AGE = 60 * 60 * 24 * 365',
    twin: 'SESSION_COOKIE_AGE = 60 * 60',
  },
  {
    title: 'a duration with a unit is compared by its length',
    path: 'token.ts',
    control: 'lifetime-raised',
    around: alone,
    kept: "export const options = { expiresIn: '15m' };",
    lost: "export const options = { expiresIn: '30d' };",
    twin: "export const options = { expiresIn: '900s' };",
  },
  {
    title: 'a duration of a library is compared by its length',
    path: 'token.py',
    control: 'lifetime-raised',
    around: alone,
    kept: 'JWT = {"ACCESS_TOKEN_LIFETIME": timedelta(minutes=10)}',
    lost: 'JWT = {"ACCESS_TOKEN_LIFETIME": timedelta(days=90)}',
    twin: 'JWT = {"ACCESS_TOKEN_LIFETIME": timedelta(seconds=600)}',
  },
  {
    title: 'a rate is compared by what it lets through in a second',
    path: 'settings.py',
    control: 'limit-raised',
    around: alone,
    kept: 'RATES = {"login": "5/min"}',
    lost: 'RATES = {"login": "5000/min"}',
    twin: 'RATES = {"login": "300/hour"}',
  },
  {
    title: 'the cost of a hash that stands at a place is lower',
    path: 'password.go',
    control: 'work-factor-lowered',
    around: go,
    kept: 'return bcrypt.GenerateFromPassword(plain, 12)',
    lost: 'return bcrypt.GenerateFromPassword(plain, bcrypt.MinCost)',
    twin: 'return bcrypt.GenerateFromPassword(plain, 14)',
  },
  {
    title: 'the rounds of a derivation that stand at a place are fewer',
    path: 'derive.ts',
    control: 'work-factor-lowered',
    around: alone,
    kept: "export const key = pbkdf2Sync(word, salt, 600_000, 32, 'sha256');",
    lost: "export const key = pbkdf2Sync(word, salt, 1_000, 32, 'sha256');",
    twin: "export const key = pbkdf2Sync(word, salt, 800_000, 32, 'sha256');",
  },
  {
    title: 'the strength of an encoder that stands at a place is lower',
    path: 'A.java',
    control: 'work-factor-lowered',
    around: java,
    kept: 'return new BCryptPasswordEncoder(12);',
    lost: 'return new BCryptPasswordEncoder(4);',
    twin: 'return new BCryptPasswordEncoder(13);',
  },
  {
    title: 'a parser reads document types again',
    path: 'A.java',
    control: 'entities-enabled',
    around: java,
    kept: 'f.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);',
    lost: 'f.setFeature("http://apache.org/xml/features/disallow-doctype-decl", false);',
    twin: 'f.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true); f.setNamespaceAware(true);',
  },
  {
    title: 'a frame may run scripts',
    path: 'frame.tsx',
    control: 'isolation-off',
    around: (line) => `export function Frame() {\n  return ${line};\n}\n`,
    kept: '<iframe title="a" sandbox="allow-popups" />',
    lost: '<iframe title="a" sandbox="allow-popups allow-scripts allow-same-origin" />',
    twin: '<iframe className="b" title="a" sandbox="allow-popups" />',
  },
  {
    title: 'a rule that demands nothing stands where one demanded a login',
    path: 'settings.py',
    control: 'deny-list-shrunk',
    around: alone,
    kept: 'REST = {"DEFAULT_PERMISSION_CLASSES": ["a.IsAuthenticated"]}',
    lost: 'REST = {"DEFAULT_PERMISSION_CLASSES": ["a.AllowAny"]}',
    twin: 'REST = {"DEFAULT_PERMISSION_CLASSES": ["a.IsAuthenticated", "a.IsMember"]}',
  },
  {
    title: 'content that runs is accepted',
    path: 'accept.ts',
    control: 'allow-list-widened',
    around: alone,
    kept: "export const ACCEPTED = ['image/png', 'image/jpeg'];",
    lost: "export const ACCEPTED = ['image/png', 'image/jpeg', 'image/svg+xml', 'text/html'];",
    twin: "export const ACCEPTED = ['image/jpeg', 'image/png'];",
  },
  {
    title: 'an answer through a callback is always yes',
    path: 'accept.ts',
    control: 'condition-operand-dropped',
    around: filter,
    kept: 'done(null, ACCEPTED.includes(file.mimetype));',
    lost: 'done(null, true);',
    twin: 'const known = ACCEPTED.includes(file.mimetype);\n    done(null, ACCEPTED.includes(file.mimetype));\n    note(known);',
  },
  {
    title: 'one of a list became something like it',
    path: 'cors.js',
    control: 'comparison-loosened',
    around: origin,
    kept: 'ALLOWED.has(origin)',
    lost: '/example\\.test/.test(origin)',
    twin: 'ALLOWED_ORIGINS.has(origin)',
  },
  {
    title: 'who cannot be asked about is let in',
    path: 'authz.go',
    control: 'guard-no-longer-exits',
    around: allowed,
    kept: 'false',
    lost: 'true',
    twin: 'false // not known',
  },
  {
    title: 'objects that run code are read',
    path: 'load.py',
    control: 'sink-added',
    around: (line) => `def load(stream):\n    ${line}\n`,
    kept: 'return yaml.safe_load(stream)',
    lost: 'return yaml.load(stream, Loader=yaml.UnsafeLoader)',
    twin: 'return yaml.load(stream, Loader=yaml.SafeLoader)',
  },
];

describe('settings of well-known libraries', () => {
  let comparer: Comparer;
  before(async () => {
    comparer = await openComparer();
  });
  after(() => comparer[Symbol.dispose]());

  const high = (form: Form, line: string): readonly string[] => {
    return comparer
      .compare(form.path, form.around(form.kept), form.around(line))
      .filter(({ severity, direction }) => severity === 'high' && direction !== 'strengthened')
      .map(({ control }) => control);
  };

  for (const form of FORMS) {
    it(`tell that ${form.title}`, () =>
      assert.ok(high(form, form.lost).includes(form.control), high(form, form.lost).join()));
    it(`let through what is as strong: ${form.title}`, () => assert.deepEqual(high(form, form.twin), []));
  }

  it('let through a guard that says the same as a choice', () => {
    const text = (body: string) =>
      `const SAFE = /^\\/[a-z]+$/;\nexport function afterLogin(next?: string): string {\n${body}\n}\n`;
    const old = text("  return next !== undefined && SAFE.test(next) ? next : '/';");
    const now = text("  if (next === undefined || !SAFE.test(next)) {\n    return '/';\n  }\n  return next;");
    assert.deepEqual(
      comparer
        .compare('after.ts', old, now)
        .filter(({ severity }) => severity === 'high')
        .map(({ control }) => control),
      [],
    );
  });
});
