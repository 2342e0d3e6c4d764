import { GO } from './go-dialect.ts';
import { JAVA } from './java-dialect.ts';
import { js, py, swapped, type WrittenCase } from './written-case.ts';

const java = (row: string, attack: string, from: string, to: string): WrittenCase =>
  swapped(row, 'Shop.java', `package com.acme.web;\n${attack}\n`, from, to);
const go = (row: string, attack: string, from: string, to: string): WrittenCase =>
  swapped(row, 'server.go', `package main\n${attack}\n`, from, to);

/** One statement in a handler of a servlet, and the same with another word. */
const inServlet = (row: string, types: readonly string[], line: string, from: string, to: string): WrittenCase =>
  swapped(row, 'Handler.java', JAVA.handler(types, [line]), from, to);
const inHandler = (row: string, imports: readonly string[], line: string, from: string, to: string): WrittenCase =>
  swapped(row, 'server.go', GO.handler(imports, [line]), from, to);

const MICRONAUT = 'import io.micronaut.http.annotation.*;\nimport io.micronaut.http.MediaType;\n@Controller("/x")\n';
const RUN = '{ Class.forName(name); return null; }';

const JAVA_CASES: readonly WrittenCase[] = [
  java(
    'java-javalin-route',
    'import io.javalin.Javalin;\nclass Shop {\n  void start(Javalin app) {\n    app.get("/x", ctx -> { Class.forName(ctx.queryParam("n")); });\n  }\n}',
    'app.get',
    'app.other',
  ),
  java(
    'java-spark-route',
    'import spark.Spark;\nclass Shop {\n  void start() {\n    Spark.get("/x", (req, res) -> Class.forName(req.queryParams("n")));\n  }\n}',
    'Spark.get',
    'Spark.other',
  ),
  java(
    'java-micronaut-route',
    `${MICRONAUT}class Shop {\n  @Get("/x") Object find(String name) ${RUN}\n}`,
    '@Get',
    '@Deprecated',
  ),
  java(
    'java-micronaut-parameter',
    `${MICRONAUT}class Shop {\n  Object find(@QueryValue("n") String name) ${RUN}\n}`,
    '@QueryValue',
    '@Property',
  ),
  java(
    'java-micronaut-page',
    `${MICRONAUT}class Shop {\n  @Get(value = "/x", produces = MediaType.TEXT_HTML) String find(String name) { return "<b>" + name; }\n}`,
    'TEXT_HTML',
    'TEXT_PLAIN',
  ),
  java(
    'java-micronaut-page-produces',
    `${MICRONAUT}class Shop {\n  @Get("/x") @Produces(MediaType.TEXT_HTML) String find(String name) { return "<b>" + name; }\n}`,
    'TEXT_HTML',
    'TEXT_PLAIN',
  ),
  java(
    'java-rest-page',
    'import javax.ws.rs.*;\nimport javax.ws.rs.core.*;\nclass Shop {\n  @GET @Produces(MediaType.TEXT_HTML) public String find(@QueryParam("n") String name) { return "<b>" + name; }\n}',
    'TEXT_HTML',
    'TEXT_PLAIN',
  ),
  inServlet(
    'java-rest-file',
    [],
    'javax.ws.rs.core.Response.ok(new java.io.File("/srv/" + outside))',
    'new java.io.File("/srv/" + outside)',
    'outside',
  ),
  java(
    'java-resteasy-parameter',
    `import org.jboss.resteasy.reactive.*;\nclass Shop {\n  Object find(@RestQuery String name) ${RUN}\n}`,
    '@RestQuery',
    '@Cached',
  ),
  java(
    'java-spring-fragment',
    'import org.springframework.web.bind.annotation.*;\nclass Shop {\n  @GetMapping("/x") String part(String name) { return "account :: " + name; }\n}',
    'account :: ',
    'account/',
  ),
  java(
    'java-spring-html',
    'import org.springframework.web.bind.annotation.*;\nclass Shop {\n  @GetMapping(value = "/x", produces = "text/html") Object part(String name) { return Mono.just("<b>" + name); }\n}',
    'text/html',
    'text/plain',
  ),
  inServlet('java-spring-body', [], 'org.springframework.http.ResponseEntity.ok("<b>" + outside)', '<b>', 'hello '),
  {
    ...java(
      'java-spring-csrf-configurer',
      'class Shop {\n  void chain(HttpSecurity http) throws Exception { http.csrf(c -> c.disable()); }\n}',
      'c.disable()',
      'c.spa()',
    ),
    rule: 'CODE48',
  },
  java(
    'java-spring-csrf-lambda',
    'class Shop {\n  void chain(HttpSecurity http) throws Exception { http.csrf(csrfs -> csrfs.disable()); }\n}',
    'csrfs.disable()',
    'csrfs.spa()',
  ),
  java(
    'java-spring-graphql',
    `import org.springframework.graphql.data.method.annotation.QueryMapping;\nclass Shop {\n  @QueryMapping void receive(String name) ${RUN.replace(' return null;', '')}\n}`,
    '@QueryMapping',
    '@Deprecated',
  ),
  java(
    'java-socket-message',
    `import javax.websocket.OnMessage;\nclass Shop {\n  @OnMessage void receive(String name) ${RUN.replace(' return null;', '')}\n}`,
    '@OnMessage',
    '@Deprecated',
  ),
  java(
    'java-model-tool',
    `import dev.langchain4j.agent.tool.Tool;\nclass Shop {\n  @Tool void receive(String name) ${RUN.replace(' return null;', '')}\n}`,
    '@Tool',
    '@Deprecated',
  ),
  java(
    'java-spring-listener',
    `import org.springframework.kafka.annotation.KafkaListener;\nclass Shop {\n  @KafkaListener(topics = "x") void receive(String name) ${RUN.replace(' return null;', '')}\n}`,
    '@KafkaListener',
    '@Deprecated',
  ),
  inServlet('java-slow-expression', [], 'outside.matches("(a+)+b")', '(a+)+b', 'a+b'),
  inServlet(
    'java-vertx-page',
    ['io.vertx.ext.web.RoutingContext'],
    'library.response().end("<b>" + outside)',
    '<b>',
    'hello ',
  ),
  inServlet('java-exec-shell', [], 'Runtime.getRuntime().exec(new String[] {"sh", "-c", outside})', '"sh"', '"ls"'),
  inServlet('java-process-shell', [], 'new ProcessBuilder("sh", "-c", outside)', '"sh"', '"ls"'),
  inServlet(
    'java-process-shell-list',
    [],
    'new ProcessBuilder(java.util.List.of("sh", "-c", outside))',
    '"sh"',
    '"ls"',
  ),
  inServlet('java-process-command-shell', ['ProcessBuilder'], 'library.command("sh", "-c", outside)', '"sh"', '"ls"'),
  inServlet(
    'java-process-command-list',
    ['ProcessBuilder'],
    'library.command(java.util.List.of("sh", "-c", outside))',
    '"sh"',
    '"ls"',
  ),
  inServlet(
    'java-yaml',
    [],
    'new org.yaml.snakeyaml.Yaml(new org.yaml.snakeyaml.constructor.Constructor()).load(outside)',
    'constructor.Constructor',
    'constructor.SafeConstructor',
  ),
];

const GO_CASES: readonly WrittenCase[] = [
  go(
    'go-squirrel-query',
    'import (\n\t"database/sql"\n\t"net/http"\n\n\tsq "github.com/Masterminds/squirrel"\n)\n\nfunc find(r *http.Request, db *sql.DB) {\n\tquery, args, _ := sq.Select("id").From("things").Where(sq.Eq{"owner": r.FormValue("q")}).String()\n\tdb.Query(query, args...)\n}',
    'String()',
    'ToSql()',
  ),
  inHandler('go-file-own-name', [], 'f, _ := os.CreateTemp("", outside); os.Remove(f.Path())', 'f.Path()', 'f.Name()'),
  go(
    'go-grpc-method',
    'import (\n\t"context"\n\t"plugin"\n\n\t"example.test/shop/pb"\n)\n\ntype server struct {\n\tpb.UnimplementedShopServer\n}\n\nfunc (s *server) Read(ctx context.Context, req *pb.ReadRequest) (*pb.Reply, error) {\n\tplugin.Open(req.GetName())\n\treturn nil, nil\n}',
    'pb.UnimplementedShopServer',
    'pb.ShopClient',
  ),
  inHandler(
    'go-fasthttp-html',
    ['import library "github.com/valyala/fasthttp"'],
    'new(library.RequestCtx).WriteString("<b>" + outside)',
    '<b>',
    'hello ',
  ),
  inHandler(
    'go-fiber-page',
    ['import library "github.com/gofiber/fiber/v2"'],
    'new(library.Ctx).SendString("<b>" + outside)',
    '<b>',
    'hello ',
  ),
  inHandler(
    'go-fiber-html',
    ['import library "github.com/gofiber/fiber/v2"'],
    'new(library.Ctx).Type("html").SendString("<b>" + outside)',
    '<b>',
    'hello ',
  ),
];

const PYTHON_CASES: readonly WrittenCase[] = [
  py(
    'py-fastapi-return',
    'from fastapi import FastAPI\nfrom fastapi.responses import HTMLResponse\napp = FastAPI()\n@app.get("/", response_class=HTMLResponse)\ndef view(q: str):\n    return "<b>" + q\n',
    ', response_class=HTMLResponse',
    '',
  ),
  py(
    'py-litestar-return',
    'from litestar import MediaType, get\n@get("/", media_type=MediaType.HTML)\nasync def view(q: str) -> str:\n    return "<b>" + q\n',
    'MediaType.HTML',
    'MediaType.TEXT',
  ),
  py(
    'py-starlette-socket',
    'from starlette.endpoints import WebSocketEndpoint\nclass Chat(WebSocketEndpoint):\n    async def on_receive(self, websocket, data):\n        eval(data)\n',
    'on_receive',
    'on_other',
  ),
  py(
    'py-sanic-text',
    'from sanic import Sanic, response\napp = Sanic("x")\n@app.get("/")\nasync def view(request):\n    return response.html("<b>" + request.args.get("q"))\n',
    'response.html',
    'response.text',
  ),
];

const SCRIPT_CASES: readonly WrittenCase[] = [
  js(
    'js-hono-answer',
    "import { Hono } from 'hono';\nnew Hono().get('/', (c) => c.body(`<b>${c.req.query('q')}`));\n",
    '<b>',
    'hello ',
  ),
  js(
    'js-elysia-page',
    "import { Elysia } from 'elysia';\nnew Elysia().use(html()).get('/', ({ query }) => `<b>${query.q}`);\n",
    '<b>',
    'hello ',
  ),
];

/** Programs of frameworks for rows whose form is more than one call. */
export const FRAMEWORK_CASES: readonly WrittenCase[] = [...JAVA_CASES, ...GO_CASES, ...PYTHON_CASES, ...SCRIPT_CASES];
