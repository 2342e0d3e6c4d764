import { entriesOf, type MapEntry, type Node, readXml, type SourceFile, scalarAt } from '../../syntax/index.ts';
import { addOptions } from './options/options.ts';
import type { SheetBuilder } from './sheet.ts';

const FILES = /\.(?:xml|config|csproj|vbproj|fsproj|props|targets)$/i;

export function isXmlSettings(path: string): boolean {
  return FILES.test(path);
}

/** An element whose mere existence protects or opens. */
interface ElementRow {
  readonly control: string;
  readonly name: RegExp;
  readonly within?: RegExp;
  readonly weigh: (element: Node) => number;
  readonly subject: (element: Node) => string;
}

const attribute = (element: Node, ...names: readonly string[]): string =>
  names.map((name) => scalarAt(element, name)?.text ?? '').find((text) => text !== '') ?? '';
const SWITCH = 'protective-setting-off';

/** Java web applications, Spring Security, ASP.NET, Maven, Flash and mobile clients. */
const ELEMENTS: readonly ElementRow[] = [
  {
    control: SWITCH,
    name: /^(?:auth-constraint|user-data-constraint|login-config)$/,
    weigh: () => -1,
    subject: () => 'constraint',
  },
  {
    control: SWITCH,
    name: /^(?:\w+:)?intercept-url$/,
    weigh: (element) =>
      /permitAll|IS_AUTHENTICATED_ANONYMOUSLY|^$|none/i.test(attribute(element, 'access', 'security', 'filters'))
        ? 1
        : -1,
    subject: (element) => attribute(element, 'pattern'),
  },
  {
    control: SWITCH,
    name: /^deny$/,
    within: /authorization$/i,
    weigh: () => -1,
    subject: (element) => `deny ${attribute(element, 'users', 'roles', 'verbs')}`,
  },
  {
    control: SWITCH,
    name: /^allow$/,
    within: /authorization$/i,
    weigh: (element) => (attribute(element, 'users') === '*' ? 2 : 1),
    subject: (element) => `allow ${attribute(element, 'users', 'roles')}`,
  },
  {
    control: 'list-widened',
    name: /^allow-access-from$/,
    weigh: (element) => (attribute(element, 'domain') === '*' ? 3 : 1),
    subject: (element) => attribute(element, 'domain'),
  },
  {
    control: SWITCH,
    name: /^(?:X-Frame-Options|Strict-Transport-Security|Content-Security-Policy|X-Content-Type-Options)$/i,
    weigh: () => -1,
    subject: () => 'header',
  },
  {
    control: SWITCH,
    name: /^add$/,
    within: /customHeaders$/i,
    weigh: (element) =>
      /^(?:X-Frame-Options|Strict-Transport-Security|Content-Security-Policy|X-Content-Type-Options)$/i.test(
        attribute(element, 'name'),
      )
        ? -1
        : /^\*$/.test(attribute(element, 'value'))
          ? 1
          : 0,
    subject: (element) => attribute(element, 'name'),
  },
  // Android: what an application may, whom it trusts, and what it insists on.
  {
    control: SWITCH,
    name: /^uses-permission(?:-sdk-23)?$/,
    weigh: (element) =>
      /SMS|CONTACTS|CALL_LOG|PHONE|BACKGROUND_LOCATION|INSTALL_PACKAGES|ALERT_WINDOW|QUERY_ALL|MANAGE_EXTERNAL|ACCESSIBILITY|DEVICE_ADMIN|RECORD_AUDIO|ACCOUNTS/.test(
        attribute(element, 'android:name'),
      )
        ? 1
        : 0,
    subject: (element) => attribute(element, 'android:name'),
  },
  // Gradle: what is taken unchecked.
  {
    control: SWITCH,
    name: /^trust$/,
    within: /trusted-artifacts$/,
    weigh: () => 1,
    subject: (element) => attribute(element, 'group', 'name', 'file'),
  },
  {
    control: 'tls-check-off',
    name: /^certificates$/,
    weigh: (element) => (attribute(element, 'src') === 'user' ? 1 : 0),
    subject: () => 'authorities of the user',
  },
  { control: 'tls-check-off', name: /^pin$/, weigh: () => -1, subject: () => 'pinned key' },
  {
    control: 'check-settings-removed',
    name: /^plugin$/,
    weigh: (element) =>
      /^(?:dependency-check-maven|spotbugs-maven-plugin|findbugs-maven-plugin|maven-enforcer-plugin|maven-pmd-plugin|maven-checkstyle-plugin|jacoco-maven-plugin|ossindex-maven-plugin|license-maven-plugin|sonar-maven-plugin|error_?prone\w{0,20})$/.test(
        attribute(element, 'artifactId'),
      )
        ? -1
        : 0,
    subject: (element) => attribute(element, 'artifactId'),
  },
];

const DEEPEST = 60;
const MOST = 50_000;

/** What an XML file switches, and which of its elements protect. */
export function addXmlSettings(file: SourceFile, sheet: SheetBuilder): void {
  const { root, gaps } = readXml(file);
  for (const gap of gaps) if (gap.kind === 'cap') sheet.gap(gap);
  addOptions(root, file, '', sheet);
  const open: { readonly entry: MapEntry; readonly way: string; readonly depth: number }[] = entriesOf(root).map(
    (entry) => ({ entry, way: '', depth: 0 }),
  );
  let count = 0;
  for (let next = open.pop(); next !== undefined && count++ < MOST; next = open.pop()) {
    const { entry, way, depth } = next;
    addElement(entry, way, file, sheet);
    if (depth < DEEPEST)
      for (const child of entriesOf(entry.value))
        open.push({ entry: child, way: `${way}.${entry.key.text}`.slice(-300), depth: depth + 1 });
  }
}

function addElement({ key, value, span }: MapEntry, way: string, file: SourceFile, sheet: SheetBuilder): void {
  const row = ELEMENTS.find(({ name, within }) => name.test(key.text) && (within === undefined || within.test(way)));
  const weight = row?.weigh(value) ?? 0;
  if (row === undefined || weight === 0) return;
  const subject = row.subject(value).slice(0, 200);
  sheet.add({
    control: row.control,
    scope: '',
    subject: `${key.text} ${subject}`,
    weight,
    shown: `<${key.text}> ${subject}`.trim(),
    value: '',
    place: { file: file.path, span: { start: span.start, end: Math.min(span.end, span.start + 400) } },
  });
}
