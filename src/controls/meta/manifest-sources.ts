import type { SourceFile } from '../../syntax/index.ts';
import type { SheetBuilder } from '../configuration/index.ts';

/** How a manifest names a dependency that no registry gives. Groups `name` and `source`; every pattern is bounded. */
interface SourceRow {
  readonly files: RegExp;
  readonly pattern: RegExp;
}

const ROWS: readonly SourceRow[] = [
  {
    files: /(?:^|\/)(?:pyproject|Cargo|Pipfile)(?:\.toml)?$/,
    pattern:
      /^[ \t]{0,8}"?(?<name>[A-Za-z0-9][\w.-]{0,100})"?[ \t]{0,8}=[ \t]{0,8}\{[^}\n]{0,300}\b(?:git|url|registry-index)[ \t]{0,4}=[ \t]{0,4}"(?<source>[^"\n]{1,300})"/gm,
  },
  {
    files: /(?:^|\/)(?:pyproject\.toml|requirements[\w.-]{0,80}\.(?:txt|in)|setup\.(?:py|cfg))$/,
    pattern:
      /["'\n \t](?<name>[A-Za-z0-9][\w.[\]-]{0,100})[ \t]{0,4}@[ \t]{0,4}(?<source>(?:git\+|hg\+|https?:|file:)[^\s"'\n;]{1,300})/g,
  },
  {
    files: /(?:^|\/)requirements[\w.-]{0,80}\.(?:txt|in)$/,
    pattern:
      /^[ \t]{0,8}(?:-e|--editable)[ \t=]{1,4}(?<source>[^\n#]{0,300}?(?:#egg=(?<name>[\w.-]{1,100}))?)[ \t]{0,20}$/gm,
  },
  {
    files: /(?:^|\/)go\.mod$/,
    pattern:
      /^[ \t]{0,8}(?:replace[ \t]{1,8})?(?<name>[\w./~-]{1,200})(?:[ \t]{1,8}v[\w.+-]{1,100})?[ \t]{1,8}=>[ \t]{1,8}(?<source>[^\n]{1,300})$/gm,
  },
  {
    files: /(?:^|\/)(?:Gemfile|[\w-]{1,80}\.gemspec)$/,
    pattern:
      /^[ \t]{0,8}gem[ (]{1,4}["'](?<name>[\w-]{1,100})["'][^\n]{0,200}?\b(?:git|github|gist|bitbucket|source)(?::|["']?[ \t]{0,4}=>)[ \t]{0,4}["'](?<source>[^"'\n]{1,300})["']/gm,
  },
  {
    files: /\.gradle(?:\.kts)?$/,
    pattern:
      /(?<name>maven)[ \t]{0,4}(?:\{[ \t\n]{0,40}(?:url|setUrl)[ \t(=]{0,8}(?:uri\()?|\()[ \t]{0,4}["'](?<source>[^"'\n]{1,300})["']/g,
  },
  {
    files: /(?:^|\/)pom\.xml$/,
    pattern:
      /<(?<name>repository|pluginRepository)>[^<]{0,100}(?:<(?:id|name|snapshots|releases)>[^<]{0,100}<\/\w{1,20}>\s{0,40}){0,4}<url>(?<source>[^<\n]{1,300})<\/url>/g,
  },
  {
    files: /(?:^|\/)composer\.json$/,
    pattern:
      /"(?<name>type)"\s{0,8}:\s{0,8}"(?:vcs|git|path|package|composer|artifact)"\s{0,8},\s{0,8}"url"\s{0,8}:\s{0,8}"(?<source>[^"\n]{1,300})"/g,
  },
  {
    files: /(?:^|\/)(?:mix\.exs|pubspec\.yaml|Package\.swift)$/,
    pattern:
      /(?:\{:(?<name>\w{1,80}),[^}\n]{0,100}\bgit:[ \t]{0,4}|^[ \t]{2,8}(?:git|url):[ \t]{0,4}|\.package\((?:name:[^,\n]{1,100},[ \t]{0,4})?url:[ \t]{0,4})["']?(?<source>[^"'\n,)]{1,300})/gm,
  },
];

const MOST = 500;

/** Dependencies that a manifest takes from a repository, an address or a folder instead of the registry. */
export function addForeignSources(file: SourceFile, sheet: SheetBuilder): void {
  for (const { files, pattern } of ROWS) {
    if (!files.test(file.path)) continue;
    let count = 0;
    for (const match of file.text.matchAll(pattern)) {
      if (++count > MOST) break;
      const { name = '', source = '' } = match.groups ?? {};
      // A folder of this repository is reviewed like any file.
      if (/^\.{1,2}(?:\/|$)/.test(source.trim())) continue;
      const many = /^(?:maven|repository|pluginRepository|type|)$/.test(name);
      sheet.add({
        control: 'dependency-foreign',
        scope: '',
        subject: many ? source.trim() : name,
        weight: 1,
        shown: `${name} ${source.trim()}`.trim(),
        value: source.trim(),
        place: { file: file.path, span: { start: match.index, end: match.index + match[0].length } },
      });
    }
  }
}
