import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { ExampleFile } from '../../../src/controls/index.ts';
import { compare, loadTools, type Tools } from '../trees.ts';

/** A check in its old place, in a new one where it still runs, and in changes that only look like that. */
interface Move {
  readonly title: string;
  readonly old: Files;
  readonly moved: Files;
  readonly lost: { readonly [how: string]: Files };
}

type Files = { readonly [path: string]: string };

const route = (chain: string, check: string): string =>
  `const { requireAdmin } = require('./gate');\nrouter.post('/orders', ${chain}(req, res) => {\n${check}  orders.create(req.body);\n  res.json({});\n});\n`;
const ask = '  if (!req.user.isAdmin) return res.status(403).json({ error: "no" });\n';
const gate = (body: string): string =>
  `function requireAdmin(request, response, next) {\n${body}  next();\n}\nmodule.exports = { requireAdmin };\n`;
const refuse = '  if (!request.user.isAdmin) return response.status(403).json({ error: "no" });\n';

const locked = '\tif !ctx.User.IsAdmin {\n\t\tctx.Error(403)\n\t\treturn\n\t}\n';
const page = (check: string, more: string): string =>
  `package pages\n\nfunc Show(ctx *Context) {\n${check}\tctx.Render("page")\n}\n${more}`;
const page2 = (check: string): string => `\nfunc Prepare(ctx *Context) {\n${check}\tctx.Data["a"] = 1\n}\n`;
const register = (...handlers: readonly string[]): string =>
  `package web\n\nfunc Routes(m *Router) {\n\tm.Combo("/page"${handlers.slice(0, -1).map((one) => `, ${one}`)}).Get(${handlers.at(-1)})\n}\n`;

const view = (decorator: string, check: string): string =>
  `from app.gate import owner_only\n\n\n${decorator}def remove(request, doc):\n${check}    doc.delete()\n`;
const owner = '    if doc.owner_id != request.user.id:\n        raise PermissionDenied("owner")\n';
const ownerOnly = (body: string): string =>
  `def owner_only(function):\n    def inner(request, doc):\n${body}        return function(request, doc)\n    return inner\n`;
const inner = '        if doc.owner_id != request.user.id:\n            raise PermissionDenied("owner")\n';

const handler = (call: string): string =>
  `package web\n\nfunc Remove(w http.ResponseWriter, r *http.Request) {\n\tdoc := find(r)\n${call}\tstore.Remove(doc)\n}\n`;
const goOwner =
  '\tif doc.OwnerID != r.Context().Value(userKey) {\n\t\thttp.Error(w, "not the owner", http.StatusForbidden)\n\t\treturn\n\t}\n';
const goGate = (body: string): string =>
  `package web\n\nfunc ensureOwner(w http.ResponseWriter, req *http.Request, item *Doc) bool {\n${body}\treturn true\n}\n`;
const goRefuse =
  '\tif item.OwnerID != req.Context().Value(userKey) {\n\t\thttp.Error(w, "not the owner", http.StatusForbidden)\n\t\treturn false\n\t}\n';

const java = (base: string, check: string): string =>
  `public class Orders extends ${base} {\n  public void run(Request request) {\n${check}    store.remove(request.id());\n  }\n}\n`;
const javaCheck = '    if (!request.user().hasRole("admin")) { throw new AccessDeniedException("admin"); }\n';
const javaBase = (body: string): string =>
  `public abstract class AdminTask extends Task {\n  public void before(Request incoming) {\n${body}  }\n}\n`;

const service = (check: string): string =>
  `export async function removeOrder(user: User, id: string) {\n${check}  await db.orders.remove(id);\n}\n`;
const may = '  if (!user.permissions.includes("orders")) throw new ForbiddenError("orders");\n';
const controller = (check: string): string =>
  `import { removeOrder } from './service';\nexport async function destroy(request: Request) {\n  const actor = request.user;\n${check}  await removeOrder(actor, request.params.id);\n}\n`;
const mayActor = '  if (!actor.permissions.includes("orders")) throw new ForbiddenError("orders");\n';
const listing = (check: string): string =>
  `import { list } from './service';\nexport async function index(request: Request) {\n  const actor = request.user;\n${check}  return list(actor);\n}\n`;

const called = (call: string): string =>
  `import { before } from './before';\nexport function show(request: Request) {\n${call}  return pages.read(request.id);\n}\n`;
const beforeAll = (body: string): string =>
  `export function before(incoming: Request) {\n${body}  return incoming;\n}\n`;

const MOVES: readonly Move[] = [
  {
    title: 'into a middleware of another file that the route names',
    old: { 'routes.js': route('', ask) },
    moved: { 'routes.js': route('requireAdmin, ', ''), 'gate.js': gate(refuse) },
    lost: {
      'no route names it': { 'routes.js': route('', ''), 'gate.js': gate(refuse) },
      'another router has it': {
        'routes.js': route('', ''),
        'gate.js': gate(refuse),
        'pages.js': "const { requireAdmin } = require('./gate');\npages.use(requireAdmin);\n",
      },
      'it is empty': { 'routes.js': route('requireAdmin, ', ''), 'gate.js': gate('') },
      'it asks something else': {
        'routes.js': route('requireAdmin, ', ''),
        'gate.js': gate(refuse.replace('isAdmin', 'isReady')),
      },
      'it refuses the others': { 'routes.js': route('requireAdmin, ', ''), 'gate.js': gate(refuse.replace('!', '')) },
      'it does not refuse': {
        'routes.js': route('requireAdmin, ', ''),
        'gate.js': gate('  if (!request.user.isAdmin) return next();\n'),
      },
      'it asks only sometimes': {
        'routes.js': route('requireAdmin, ', ''),
        'gate.js': gate(`  if (settings.strict) {\n${refuse}  }\n`),
      },
      'it lets a header through before': {
        'routes.js': route('requireAdmin, ', ''),
        'gate.js': gate(`  if (request.headers['x-internal']) return next();\n${refuse}`),
      },
    },
  },
  {
    title: 'into a function that is registered with the handler',
    old: {
      'pages.go': page(locked, ''),
      'web.go': register('Show'),
    },
    moved: { 'pages.go': page('', page2(locked)), 'web.go': register('Prepare', 'Show') },
    lost: {
      'another route has it': {
        'pages.go': page('', page2(locked)),
        'web.go': register('Show').replace('}\n', '\tm.Combo("/other", Prepare).Get(List)\n}\n'),
      },
      'no route has it': { 'pages.go': page('', page2(locked)), 'web.go': register('Show') },
    },
  },
  {
    title: 'into a decorator',
    old: { 'views.py': view('', owner) },
    moved: { 'views.py': view('@owner_only\n', ''), 'gate.py': ownerOnly(inner) },
    lost: {
      'it stands before nothing': { 'views.py': view('', ''), 'gate.py': ownerOnly(inner) },
      'it is empty': { 'views.py': view('@owner_only\n', ''), 'gate.py': ownerOnly('') },
      'it compares something else': {
        'views.py': view('@owner_only\n', ''),
        'gate.py': ownerOnly(inner.replace('owner_id', 'folder_id')),
      },
    },
  },
  {
    title: 'into a function that is called in its place',
    old: { 'web/remove.go': handler(goOwner) },
    moved: {
      'web/remove.go': handler('\tif !ensureOwner(w, r, doc) {\n\t\treturn\n\t}\n'),
      'web/owner.go': goGate(goRefuse),
    },
    lost: {
      'nobody calls it': { 'web/remove.go': handler(''), 'web/owner.go': goGate(goRefuse) },
      'it is empty': {
        'web/remove.go': handler('\tensureOwner(w, r, doc)\n'),
        'web/owner.go': goGate(''),
      },
      'nobody looks at its answer': {
        'web/remove.go': handler('\tensureOwner(w, r, doc)\n'),
        'web/owner.go': goGate(goRefuse),
      },
      'it is called only sometimes': {
        'web/remove.go': handler('\tif strict && !ensureOwner(w, r, doc) {\n\t\treturn\n\t}\n'),
        'web/owner.go': goGate(goRefuse),
      },
    },
  },
  {
    title: 'into a function that only its call names',
    old: { 'show.ts': called('  if (!request.session.verified) throw new Unauthorized();\n') },
    moved: {
      'show.ts': called('  before(request);\n'),
      'before.ts': beforeAll('  if (!incoming.session.verified) throw new Unauthorized();\n'),
    },
    lost: {
      'it is imported and not called': {
        'show.ts': called(''),
        'before.ts': beforeAll('  if (!incoming.session.verified) throw new Unauthorized();\n'),
      },
      'it is called when all is done': {
        'show.ts': called('').replace('return pages.read(request.id);', 'pages.read(request.id);\n  before(request);'),
        'before.ts': beforeAll('  if (!incoming.session.verified) throw new Unauthorized();\n'),
      },
      'another function calls it': {
        'show.ts': `${called('')}export function list(request: Request) {\n  before(request);\n  return pages.all();\n}\n`,
        'before.ts': beforeAll('  if (!incoming.session.verified) throw new Unauthorized();\n'),
      },
      'it does nothing': { 'show.ts': called('  before(request);\n'), 'before.ts': beforeAll('') },
    },
  },
  {
    title: 'into a function that it called already',
    old: {
      'show.ts': called('  if (!request.session.verified) throw new Unauthorized();\n  before(request);\n'),
      'before.ts': beforeAll(''),
    },
    moved: {
      'show.ts': called('  before(request);\n'),
      'before.ts': beforeAll('  if (!incoming.session.verified) throw new Unauthorized();\n'),
    },
    lost: {
      'it is no longer called': {
        'show.ts': called(''),
        'before.ts': beforeAll('  if (!incoming.session.verified) throw new Unauthorized();\n'),
      },
    },
  },
  {
    title: 'into a base class',
    old: { 'Orders.java': java('Task', javaCheck) },
    moved: {
      'Orders.java': java('AdminTask', ''),
      'AdminTask.java': javaBase(javaCheck.replace('request', 'incoming')),
    },
    lost: {
      'it is no base': {
        'Orders.java': java('Task', ''),
        'AdminTask.java': javaBase(javaCheck.replace('request', 'incoming')),
      },
      'it asks nothing': { 'Orders.java': java('AdminTask', ''), 'AdminTask.java': javaBase('') },
    },
  },
  {
    title: 'to the function that calls it',
    old: { 'service.ts': service(may), 'controller.ts': controller('') },
    moved: { 'service.ts': service(''), 'controller.ts': controller(mayActor) },
    lost: {
      'it came where nothing leads here': {
        'service.ts': service(''),
        'controller.ts': controller(''),
        'listing.ts': listing(mayActor),
      },
    },
  },
  {
    title: 'into a function of the same file',
    old: { 'a.js': `function show(user, id) {\n  if (!user.isAdmin) throw new Forbidden();\n  read(id);\n}\n` },
    moved: {
      'a.js': `function demand(who) {\n  if (!who.isAdmin) throw new Forbidden();\n}\nfunction show(user, id) {\n  demand(user);\n  read(id);\n}\n`,
    },
    lost: {
      'nobody calls it': {
        'a.js': `function demand(who) {\n  if (!who.isAdmin) throw new Forbidden();\n}\nfunction show(user, id) {\n  read(id);\n}\n`,
      },
    },
  },
];

const filesOf = (files: Files): readonly ExampleFile[] => Object.entries(files).map(([file, text]) => ({ file, text }));

describe('a check that moved', () => {
  let tools: Tools;
  before(async () => {
    tools = await loadTools();
  });
  after(() => tools.grammars[Symbol.dispose]());
  const highs = (old: Files, now: Files): readonly string[] =>
    compare(tools, filesOf(old), filesOf(now)).changes.flatMap(({ control, direction, severity }) =>
      severity === 'high' && (direction === 'weakened' || direction === 'changed') ? [control] : [],
    );

  for (const { title, old, moved, lost } of MOVES) {
    it(`is not gone when it went ${title}`, () => {
      assert.deepEqual(highs(old, moved), []);
    });
    for (const [how, now] of Object.entries(lost))
      it(`is gone when it seems to have gone ${title}, and ${how}`, () => {
        assert.notDeepEqual(highs({ ...old }, { ...now }), []);
      });
  }

  it('a check for which something of its name came before the handler is one step lower, for a person to look', () => {
    const router = (chain: string, check: string): Files => ({
      'config.js': `const { requireMaster, requireJson } = require('./gate');\nclass ConfigRouter {\n  mount() {\n    this.route('PUT', '/config', ${chain}(req) => this.update(req));\n  }\n  update(req) {\n${check}    return store.put(req.body);\n  }\n}\n`,
    });
    const check = "    if (!req.auth.isMaster) throw new Forbidden('master');\n";
    const rows = (old: Files, now: Files): readonly string[] =>
      compare(tools, filesOf(old), filesOf(now)).changes.flatMap(({ control, direction, severity }) =>
        control === 'guard-removed' ? [`${direction} ${severity}`] : [],
      );
    assert.deepEqual(rows(router('', check), router('requireMaster, ', '')), ['changed medium']);
    assert.deepEqual(rows(router('', check), router('requireJson, ', '')), ['weakened high']);
    assert.deepEqual(rows(router('requireMaster, ', check), router('requireMaster, ', '')), ['weakened high']);
    const hollow = { 'gate.js': 'exports.requireMaster = function requireMaster(req, res, next) {\n  next();\n};\n' };
    assert.deepEqual(rows(router('', check), { ...router('requireMaster, ', ''), ...hollow }), ['weakened high']);
  });
});
