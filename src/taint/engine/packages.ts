import type { ClassNode, Module, Statement } from '../../code/index.ts';
import type { SourceTree } from '../../syntax/index.ts';
import { directoryOf, joinPath } from './module-table.ts';

/** Manifests that are read; a tree with more has the rest as libraries. */
const MOST_MANIFESTS = 300;

/** Longest line that is read of a manifest. */
const MODULE_LINE = /^module[ \t]+"?([^\s"]{1,300})"?/m;

/** A module of Go: the path that its packages' names begin with, and where it lies. */
interface GoModule {
  readonly path: string;
  readonly directory: string;
}

/** A class of the tree. */
export interface ClassPlace {
  readonly module: Module;
  readonly name: string;
}

/** Classes that can stand for an interface; of more, nobody knows which it is. */
const MOST_IMPLEMENTATIONS = 4;

/** The packages of Go and Java in a tree, and which classes have what an interface wants. */
export class Packages {
  readonly #goModules: readonly GoModule[];
  readonly #files = new Map<string, Module[]>();
  readonly #directories = new Map<string, Module[]>();
  readonly #javaClasses = new Map<string, Module>();
  readonly #classes: { readonly place: ClassPlace; readonly node: ClassNode; readonly methods: Set<string> }[] = [];
  readonly #implementations = new Map<ClassNode, readonly ClassPlace[]>();

  constructor(modules: readonly Module[], tree: SourceTree) {
    this.#goModules = readGoModules(tree);
    for (const module of modules) {
      if (module.language !== 'go' && module.language !== 'java') continue;
      add(this.#files, packageKey(module), module);
      if (module.language === 'go' && !isGoTest(module)) add(this.#directories, directoryOf(module.file.path), module);
      for (const node of classesIn(module.body)) this.#addClass(node, module);
    }
  }

  #addClass(node: ClassNode, module: Module): void {
    const { name } = node;
    if (name === undefined) return;
    const qualified = module.package ? `${module.package}.${name}` : name;
    if (module.language === 'java' && !this.#javaClasses.has(qualified)) this.#javaClasses.set(qualified, module);
    if (node.interface) return;
    const methods = new Set(node.members.flatMap((member) => (member.kind === 'method' ? member.name : [])));
    this.#classes.push({ place: { module, name }, node, methods });
  }

  /** All files of the package that a file of Go belongs to, itself among them. */
  filesOf(module: Module): readonly Module[] {
    return this.#files.get(packageKey(module)) ?? [module];
  }

  /** A file of the Go package that an import path names; `undefined`: a library. */
  findGo(path: string): Module | undefined {
    for (const { path: root, directory } of this.#goModules) {
      if (path !== root && !path.startsWith(`${root}/`)) continue;
      const found = this.#directories.get(joinPath(directory, path.slice(root.length + 1)))?.[0];
      if (found) return found;
    }
    return undefined;
  }

  /** The file that has a Java class of this dotted name. */
  findJava(name: string): Module | undefined {
    return this.#javaClasses.get(name);
  }

  /** Classes that have all methods of an interface of Go, or say that they implement one of Java. */
  implementations(node: ClassNode, language: Module['language']): readonly ClassPlace[] {
    const known = this.#implementations.get(node);
    if (known) return known;
    const found = this.#findImplementations(node, language);
    this.#implementations.set(node, found);
    return found;
  }

  #findImplementations(node: ClassNode, language: Module['language']): readonly ClassPlace[] {
    const wanted = node.members.flatMap((member) => (member.kind === 'method' ? member.name : []));
    const found = this.#classes.filter((candidate) => {
      if (candidate.place.module.language !== language) return false;
      return language === 'go'
        ? wanted.length > 0 && wanted.every((name) => candidate.methods.has(name))
        : candidate.node.bases.some((base) => spelledName(base) === node.name);
    });
    return found.length > MOST_IMPLEMENTATIONS ? [] : found.map(({ place }) => place);
  }
}

function spelledName(base: ClassNode['bases'][number]): string | undefined {
  if (base.kind === 'member') return base.name;
  return base.kind === 'name' ? base.name.slice(base.name.lastIndexOf('.') + 1) : undefined;
}

function classesIn(body: readonly Statement[]): readonly ClassNode[] {
  return body.flatMap((statement) => (statement.kind === 'class' ? statement.class : []));
}

function isGoTest({ file }: Module): boolean {
  return file.path.endsWith('_test.go');
}

/** Tests may be of the package and use what is theirs alone; what is not a test never does. */
function packageKey(module: Module): string {
  const kind = isGoTest(module) ? 'test' : '';
  return `${module.language} ${directoryOf(module.file.path)} ${module.package ?? ''} ${kind}`;
}

function add(map: Map<string, Module[]>, key: string, module: Module): void {
  const known = map.get(key);
  if (known) known.push(module);
  else map.set(key, [module]);
}

function readGoModules(tree: SourceTree): readonly GoModule[] {
  const manifests = tree.entries.filter(({ kind, path }) => kind === 'file' && /(?:^|\/)go\.mod$/.test(path));
  const found = manifests.slice(0, MOST_MANIFESTS).flatMap(({ path }) => {
    const file = tree.read(path);
    const [, name] = file && 'text' in file ? (MODULE_LINE.exec(file.text) ?? []) : [];
    return name === undefined ? [] : [{ path: name, directory: directoryOf(path) }];
  });
  return found.sort((one, other) => other.path.length - one.path.length);
}

/**
 * The classes of a package with the members that its files give them, and everything else of each file. What a type of
 * Go can do may stand in any file of its package.
 */
export function joinClasses(files: readonly Module[]): readonly (readonly Statement[])[] {
  const added = new Map<string, ClassNode['members'][number][]>();
  const declared = new Set(
    files.flatMap(({ body }) => classesIn(body)).flatMap(({ name, extends: more }) => (more ? [] : (name ?? []))),
  );
  for (const node of files.flatMap(({ body }) => classesIn(body)))
    if (node.extends && node.name !== undefined)
      added.set(node.name, [...(added.get(node.name) ?? []), ...node.members]);
  return files.map(({ body }) =>
    body.flatMap((statement): Statement[] => {
      if (statement.kind !== 'class') return [statement];
      const { name = '' } = statement.class;
      const more = added.get(name);
      if (statement.class.extends) {
        // Of a type that no file declares the first file with methods stands for it.
        if (declared.has(name)) return [];
        declared.add(name);
        return [{ ...statement, class: { ...statement.class, members: more ?? [] } }];
      }
      return [
        more
          ? { ...statement, class: { ...statement.class, members: [...statement.class.members, ...more] } }
          : statement,
      ];
    }),
  );
}
