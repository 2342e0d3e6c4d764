/** A package as it is named on a command line. */
export interface NamedPackage {
  readonly name: string;
  readonly version: string | undefined;
}

/** How an ecosystem writes a version behind a name. */
export type NameStyle = 'at' | 'equals' | 'double-equals' | 'plain';

const SEPARATORS: Readonly<Record<NameStyle, string>> = { at: '@', equals: '=', 'double-equals': '==', plain: '' };

/** `@scope/name@1.2.3`, `name[extra]==1.2`, `name=1.2-3`. A range is no version. */
export function readPackageName(text: string, style: NameStyle): NamedPackage {
  const separator = SEPARATORS[style];
  const at = separator === '' ? -1 : text.indexOf(separator, 1);
  if (at < 0) return { name: bareName(text, style), version: undefined };
  return { name: bareName(text.slice(0, at), style), version: text.slice(at + separator.length) || undefined };
}

function bareName(text: string, style: NameStyle): string {
  return style === 'double-equals' ? text.replace(/[[<>=!~ ;].*$/s, '') : text;
}

/** A path of the tree or a file, not a name in a registry. */
export function isLocalPackage(text: string): boolean {
  return (
    /^(\.|\/|~|file:|link:|workspace:)/.test(text) || /\.(whl|tgz|tar\.gz|gem|crate|deb|rpm|vsix|nupkg)$/.test(text)
  );
}
