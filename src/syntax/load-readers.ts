import type { Readers } from './readers.ts';

/**
 * Load the readers with the libraries and grammars behind them; most starts of the program need none of them.
 * @throws SallyportError SP1803 when a grammar cannot be loaded.
 */
export async function loadReaders(): Promise<Readers> {
  const [yaml, json, toml, front, script] = await Promise.all([
    import('./yaml-reader.ts'),
    import('./json-reader.ts'),
    import('./toml-reader.ts'),
    import('./front-matter.ts'),
    import('./script.ts').then(({ loadScriptReader }) => loadScriptReader()),
  ]);
  return {
    yaml: yaml.readYaml,
    yamlDocuments: yaml.readYamlDocuments,
    json: json.readJson,
    toml: toml.readToml,
    frontMatter: front.readFrontMatter,
    script,
  };
}
