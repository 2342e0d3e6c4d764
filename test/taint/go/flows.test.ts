import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { flowsOf, type Laboratory, openLaboratory } from '../analysed.ts';
import { misjudgedLines } from '../marked-program.ts';
import { GO_PROGRAMS } from './programs.ts';

describe('flows in Go', () => {
  let laboratory: Laboratory;
  before(async () => {
    laboratory = await openLaboratory();
  });
  after(() => laboratory[Symbol.dispose]());

  for (const program of GO_PROGRAMS)
    test(program.title, async () => {
      assert.deepEqual(await misjudgedLines(program, laboratory), []);
    });

  const flows = async (files: { readonly [path: string]: string }) => flowsOf(await laboratory.analyse(files), files);

  const HANDLER = 'package main\n\nimport (\n\t"net/http"\n\t"example.test/app/store"\n)\n\n';

  test('a package of the same module is followed by its path, over several files', async () => {
    const files = {
      'go.mod': 'module example.test/app\n\ngo 1.24\n',
      'main.go': `${HANDLER}func h(w http.ResponseWriter, r *http.Request) {\n\tstore.New().Find(r.FormValue("q"))\n}\n`,
      'store/type.go': 'package store\n\ntype Store struct{ dir string }\n\nfunc New() *Store { return &Store{} }\n',
      'store/find.go':
        'package store\n\nimport "os"\n\nfunc (s *Store) Find(name string) { s.open(name) }\n\nfunc (s *Store) open(name string) { os.Open(s.dir + name) }\n',
    };
    assert.deepEqual(await flows(files), ['path-traversal@7']);
  });

  test('an interface leads to the types that have its methods', async () => {
    const files = {
      'go.mod': 'module example.test/app\n',
      'main.go': `${HANDLER}type finder interface{ Find(name string) }\n\ntype server struct{ files finder }\n\nvar _ = store.Store{}\n\nfunc (s *server) h(w http.ResponseWriter, r *http.Request) {\n\ts.files.Find(r.FormValue("q"))\n}\n`,
      'store/store.go':
        'package store\n\nimport "os"\n\ntype Store struct{}\n\nfunc (s *Store) Find(name string) { os.Open(name) }\n',
      'store/other.go':
        'package store\n\nimport "os"\n\ntype Other struct{}\n\nfunc (o *Other) Seek(name string) { os.Open(name) }\n',
    };
    assert.deepEqual(await flows(files), ['path-traversal@7']);
  });

  test('methods of a type that is not there are run as well', async () => {
    const files = {
      'a.go':
        'package a\n\nimport (\n\t"net/http"\n\t"os"\n)\n\nfunc (s *server) h(w http.ResponseWriter, r *http.Request) { os.Open(r.FormValue("q")) }\n',
    };
    assert.deepEqual(await flows(files), ['path-traversal@8']);
  });

  test('of a library what others can call is reached by outsiders', async () => {
    const files = {
      'a.go':
        'package a\n\nimport "os"\n\nfunc Read(name string) { os.Open(name) }\n\nfunc read(name string) { os.Open(name) }\n',
    };
    const result = await laboratory.analyse(files, { library: true });
    assert.deepEqual(flowsOf(result, files), ['path-traversal@5']);
    assert.deepEqual(await flows(files), []);
  });

  test('an embedded type lends its methods and is what a framework calls it', async () => {
    const files = {
      'main.go':
        'package main\n\nimport (\n\t"os"\n\t"github.com/gin-gonic/gin"\n)\n\ntype Context struct {\n\t*gin.Context\n}\n\nfunc h(c *Context) { os.Open(c.Query("q")) }\n',
    };
    assert.deepEqual(await flows(files), ['path-traversal@12']);
  });

  test('packages of the same last name are not taken for each other', async () => {
    const weak = (path: string) => ({
      'main.go': `package main\n\nimport "${path}"\n\nfunc token() int { return rand.Int() }\n`,
    });
    const rules = async (path: string) => (await laboratory.analyse(weak(path))).findings.map(({ rule }) => rule);
    assert.deepEqual(await rules('math/rand'), ['CODE41']);
    assert.deepEqual(await rules('crypto/rand'), []);
  });

  test('a method is reported in its own file, also when only that file is asked for', async () => {
    const files = {
      'a.go': 'package a\n\ntype S struct{}\n',
      'b.go':
        'package a\n\nimport (\n\t"net/http"\n\t"os"\n)\n\nfunc (s *S) h(w http.ResponseWriter, r *http.Request) { os.Open(r.FormValue("q")) }\n',
    };
    const result = await laboratory.analyse(files, { only: ['b.go'] });
    assert.deepEqual(flowsOf(result, files), ['path-traversal@8']);
    assert.deepEqual(flowsOf(await laboratory.analyse(files, { only: ['a.go'] }), files), []);
  });
});
