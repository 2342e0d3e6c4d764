import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { flowsOf, type Laboratory, openLaboratory } from '../analysed.ts';
import { misjudgedLines } from '../marked-program.ts';
import { JAVA_PROGRAMS } from './programs.ts';

describe('flows in Java', () => {
  let laboratory: Laboratory;
  before(async () => {
    laboratory = await openLaboratory();
  });
  after(() => laboratory[Symbol.dispose]());

  for (const program of JAVA_PROGRAMS)
    test(program.title, async () => {
      assert.deepEqual(await misjudgedLines(program, laboratory), []);
    });

  const flows = async (files: { readonly [path: string]: string }) => flowsOf(await laboratory.analyse(files), files);

  test('what runs later is given what it waits for', async () => {
    const run = '{ try { Runtime.getRuntime().exec(c); } catch (Exception e) {} }';
    const later = (chain: string): string => `    ${chain}.thenAccept(c -> ${run});`;
    const files = {
      'src/A.java': [
        'import java.util.concurrent.CompletableFuture;',
        'import javax.servlet.http.*;',
        'public class A extends HttpServlet {',
        '  protected void doGet(HttpServletRequest request, HttpServletResponse response) {',
        '    String q = request.getParameter("q");',
        '    CompletableFuture<String> other = CompletableFuture.completedFuture(q);',
        later('CompletableFuture.supplyAsync(() -> q).thenApply(n -> "ls " + n)'),
        later('CompletableFuture.supplyAsync(() -> "ls")'),
        later('CompletableFuture.supplyAsync(() -> q).thenApply(n -> Integer.parseInt(n))'),
        later('CompletableFuture.supplyAsync(() -> "ls ").thenCombine(other, (x, y) -> x + y)'),
        later('CompletableFuture.supplyAsync(() -> "ls ").thenCombine(other, (x, y) -> x)'),
        '  }',
        '}',
      ].join('\n'),
    };
    assert.deepEqual(await flows(files), ['command-injection@7', 'command-injection@10']);
  });

  test('what a mapper of MyBatis writes into a statement is a query, and what it binds is none', async () => {
    const files = {
      'src/UserMapper.java': [
        'package a;',
        'import org.apache.ibatis.annotations.*;',
        'public interface UserMapper {',
        '  @Select("SELECT * FROM user ORDER BY ${sort}") Object list(@Param("sort") String column, String other);',
        '  @Select({"SELECT * FROM user", "WHERE id = #{id}"}) Object get(@Param("id") String id);',
        '  @Delete("DELETE FROM user WHERE ${filter}") int drop(String filter);',
        '  @Update("UPDATE user SET x = ${fixed}") int set(@Param("fixed") String fixed);',
        '}',
      ].join('\n'),
      'src/Users.java': [
        'package a;',
        'import org.springframework.web.bind.annotation.*;',
        '@RestController',
        'public class Users {',
        '  private UserMapper mapper;',
        '  @GetMapping("/a") public Object a(@RequestParam String q) { return mapper.list(q, "x"); }',
        '  @GetMapping("/b") public Object b(@RequestParam String q) { return mapper.list("name", q); }',
        '  @GetMapping("/c") public Object c(@RequestParam String q) { return mapper.get(q); }',
        '  @GetMapping("/d") public Object d(@RequestParam String q) { return mapper.set("1"); }',
        '  @GetMapping("/e") public Object e(@RequestParam String q) { return mapper.drop(q); }',
        '}',
      ].join('\n'),
    };
    assert.deepEqual(await flows(files), ['sql-injection@4', 'sql-injection@6']);
  });

  test('a class of another package is followed by its import, and one beside it by its name', async () => {
    const files = {
      'src/com/acme/web/Shop.java':
        'package com.acme.web;\nimport com.acme.store.Store;\nimport javax.servlet.http.*;\nclass Shop {\n  private final Store store = new Store();\n  void get(HttpServletRequest r, HttpServletResponse w) { Beside.open(store.read(r.getParameter("q"))); }\n}\n',
      'src/com/acme/web/Beside.java':
        'package com.acme.web;\nclass Beside {\n  static void open(String name) throws Exception { new java.io.FileInputStream(name); }\n}\n',
      'src/com/acme/store/Store.java':
        'package com.acme.store;\npublic class Store {\n  public String read(String name) { return "/data/" + name; }\n}\n',
    };
    assert.deepEqual(await flows(files), ['path-traversal@3']);
  });

  test('a field that is injected is what its type says, also through an interface', async () => {
    const files = {
      'Shop.java':
        'package com.acme;\nimport org.springframework.web.bind.annotation.*;\n@RestController\nclass Shop {\n  @Autowired Finder finder;\n  @GetMapping("/x")\n  String find(@RequestParam String name, @PathVariable long id) { finder.find(name); finder.find("" + id); return ""; }\n}\n',
      'Finder.java': 'package com.acme;\ninterface Finder {\n  void find(String name);\n}\n',
      'Store.java':
        'package com.acme;\nclass Store implements Finder {\n  private org.springframework.jdbc.core.JdbcTemplate template;\n  public void find(String name) { template.queryForList("select * from t where n = \'" + name + "\'"); }\n}\n',
    };
    assert.deepEqual(await flows(files), ['sql-injection@4']);
  });

  test('the fields of a body are data, its numbers are not', async () => {
    const files = {
      'Shop.java':
        'package com.acme;\nimport org.springframework.web.bind.annotation.*;\nclass Shop {\n  @PostMapping("/x")\n  void add(@RequestBody Order order) throws Exception {\n    Runtime.getRuntime().exec(order.getItem());\n    Runtime.getRuntime().exec("x" + order.count);\n  }\n}\n',
      'Order.java':
        'package com.acme;\nclass Order {\n  private String item; int count;\n  String getItem() { return item; }\n}\n',
    };
    assert.deepEqual(await flows(files), ['command-injection@6']);
  });
});
