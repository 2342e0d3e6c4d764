import type { CodeControl } from '../model.ts';
import { example } from './example.ts';

/** Branches that refuse, conditions that allow, answers of checking functions. */
export const GUARD_CONTROLS: readonly CodeControl[] = [
  {
    id: 'guard-removed',
    group: 'guard',
    title: 'A check that refuses is gone',
    meaning:
      'A branch that threw, returned an error or answered 4xx no longer stands before the code that it protected.',
    why: 'Whoever was refused by it now reaches what follows.',
    examples: [
      example(
        'javascript',
        'function remove(user, doc) {\n  if (!user.isAdmin) throw new Forbidden();\n  db.delete(doc.id);\n}\n',
        'function remove(user, doc) {\n  db.delete(doc.id);\n}\n',
        'function remove(actor, doc) {\n  // only administrators\n  if (!actor.isAdmin) {\n    throw new Forbidden();\n  }\n  db.delete(doc.id);\n}\n',
      ),
      example(
        'python',
        'def remove(user, doc):\n    if not user.is_admin:\n        raise Forbidden()\n    db.delete(doc.id)\n',
        'def remove(user, doc):\n    db.delete(doc.id)\n',
        'def remove(actor, doc):\n    if not actor.is_admin:  # only administrators\n        raise Forbidden()\n    db.delete(doc.id)\n',
      ),
      example(
        'go',
        'package a\n\nfunc Remove(c *Context, id int64) error {\n\tif !c.User.IsAdmin {\n\t\treturn ErrForbidden\n\t}\n\treturn db.Delete(id)\n}\n',
        'package a\n\nfunc Remove(c *Context, id int64) error {\n\treturn db.Delete(id)\n}\n',
        'package a\n\nfunc Remove(ctx *Context, id int64) error {\n\tif !ctx.User.IsAdmin {\n\t\treturn ErrForbidden\n\t}\n\treturn db.Delete(id)\n}\n',
      ),
      example(
        'java',
        'class A {\n  void remove(User user, Doc doc) {\n    if (!user.isAdmin()) { throw new Forbidden(); }\n    db.delete(doc.id);\n  }\n}\n',
        'class A {\n  void remove(User user, Doc doc) {\n    db.delete(doc.id);\n  }\n}\n',
        'class A {\n  void remove(User actor, Doc doc) {\n    // only administrators\n    if (!actor.isAdmin()) throw new Forbidden();\n    db.delete(doc.id);\n  }\n}\n',
      ),
    ],
  },
  {
    id: 'check-file-deleted',
    group: 'guard',
    title: 'A file with checks was deleted',
    meaning: 'A file is gone whose functions, by name and by what they do, refuse.',
    why: 'Where its registration is gone too, nothing else shows that a check is missing.',
    examples: [],
  },
  {
    id: 'guard-no-longer-exits',
    group: 'guard',
    title: 'A check no longer refuses',
    meaning: 'The branch is still there, but it leaves with success or goes on where it left with an error.',
    why: 'The check still looks like one in a review, and lets everybody pass.',
    examples: [
      example(
        'typescript',
        'function allowed(user: User) {\n  if (!user.active) return false;\n  return true;\n}\n',
        'function allowed(user: User) {\n  if (!user.active) return true;\n  return true;\n}\n',
        'function allowed(user: User): boolean {\n  if (!user.active) return false;\n  return true;\n}\n',
      ),
    ],
  },
  {
    id: 'guard-negated',
    group: 'guard',
    title: 'A check was turned into its opposite',
    meaning: 'The condition of a refusing branch is the negation of what it was, by De Morgan’s laws where needed.',
    why: 'It refuses who was let in, and lets in who was refused.',
    examples: [
      example(
        'python',
        'def show(user, doc):\n    if not user.is_admin:\n        raise Forbidden()\n    return doc.body\n',
        'def show(user, doc):\n    if user.is_admin:\n        raise Forbidden()\n    return doc.body\n',
        'def show(user, doc):\n    if not (user.is_admin):\n        raise Forbidden()\n    return doc.body\n',
      ),
      example(
        'go',
        'package a\n\nfunc Show(u *User) error {\n\tif !u.CanRead() || u.Banned {\n\t\treturn ErrForbidden\n\t}\n\treturn show(u)\n}\n',
        'package a\n\nfunc Show(u *User) error {\n\tif u.CanRead() && !u.Banned {\n\t\treturn ErrForbidden\n\t}\n\treturn show(u)\n}\n',
        'package a\n\nfunc Show(u *User) error {\n\tif !(u.CanRead() && !u.Banned) {\n\t\treturn ErrForbidden\n\t}\n\treturn show(u)\n}\n',
      ),
    ],
  },
  {
    id: 'guard-operand-dropped',
    group: 'guard',
    title: 'A check looks at less',
    meaning: 'A case in which a branch refused is no longer one.',
    why: 'One way of being refused is gone, while the line is still there.',
    examples: [
      example(
        'javascript',
        'function edit(user, doc) {\n  if (!user.active || doc.owner !== user.id) throw new Forbidden();\n  save(doc);\n}\n',
        'function edit(user, doc) {\n  if (!user.active) throw new Forbidden();\n  save(doc);\n}\n',
        'function edit(user, doc) {\n  if (user.id !== doc.owner || !user.active) throw new Forbidden();\n  save(doc);\n}\n',
      ),
    ],
  },
  {
    id: 'guard-exception-added',
    group: 'guard',
    title: 'A check has an exception',
    meaning: 'A branch refuses only if something else holds as well.',
    why: 'An exception for a test account or a header is the usual form of a back door.',
    examples: [
      example(
        'go',
        'package a\n\nfunc Edit(u *User) error {\n\tif !u.IsAdmin {\n\t\treturn ErrForbidden\n\t}\n\treturn save(u)\n}\n',
        'package a\n\nfunc Edit(u *User) error {\n\tif !u.IsAdmin && u.Name != "service-debug" {\n\t\treturn ErrForbidden\n\t}\n\treturn save(u)\n}\n',
        'package a\n\nfunc Edit(u *User) error {\n\tif !u.IsAdmin || u.Locked {\n\t\treturn ErrForbidden\n\t}\n\treturn save(u)\n}\n',
      ),
    ],
  },
  {
    id: 'guard-operator-weakened',
    group: 'guard',
    title: 'A check compares more loosely',
    meaning: 'The operator of one comparison changed to one by which the branch refuses less often.',
    why: 'A comparison that converts its sides, or a bound that is off by one, lets through what it refused.',
    examples: [
      example(
        'javascript',
        'function login(user, token) {\n  if (token !== user.token) throw new Unauthorized();\n  open(user);\n}\n',
        'function login(user, token) {\n  if (token != user.token) throw new Unauthorized();\n  open(user);\n}\n',
        'function login(user, token) {\n  if (user.token !== token) throw new Unauthorized();\n  open(user);\n}\n',
      ),
    ],
  },
  {
    id: 'guard-changed',
    group: 'guard',
    title: 'A check tests something else',
    meaning: 'The condition of a refusing branch is another one, and neither is the other one with more or less.',
    why: 'Which way it goes is a question for a person.',
    examples: [
      example(
        'python',
        'def edit(user, doc):\n    if user.role != doc.required_role:\n        raise Forbidden()\n    save(doc)\n',
        'def edit(user, doc):\n    if user.role != doc.suggested_role:\n        raise Forbidden()\n    save(doc)\n',
        'def edit(user, doc):\n    if doc.required_role != user.role:\n        raise Forbidden()\n    save(doc)\n',
      ),
    ],
  },
  {
    id: 'guard-made-conditional',
    group: 'guard',
    title: 'A check runs only sometimes',
    meaning:
      'A refusing branch stands inside a condition that was not around it before, or that holds less often than it did.',
    why: 'Whoever controls that condition switches the check off.',
    examples: [
      example(
        'typescript',
        'function edit(user: User, o: Options) {\n  if (!user.isAdmin) throw new Forbidden();\n  save(o);\n}\n',
        'function edit(user: User, o: Options) {\n  if (o.strict === 1) {\n    if (!user.isAdmin) throw new Forbidden();\n  }\n  save(o);\n}\n',
        'function edit(user: User, o: Options) {\n  if (o.strict === 1) {\n    log(o);\n  }\n  if (!user.isAdmin) throw new Forbidden();\n  save(o);\n}\n',
      ),
    ],
  },
  {
    id: 'early-exit-added',
    group: 'guard',
    title: 'A function leaves before its checks',
    meaning:
      'A new way out, which refuses nobody, stands before checks that were there before, or says yes in a function of access.',
    why: 'The checks below never run, or do not run for whoever meets the new condition.',
    examples: [
      example(
        'python',
        'def authorize(user, doc):\n    if doc.owner != user.id:\n        raise Forbidden()\n    return True\n',
        'def authorize(user, doc):\n    return True\n    if doc.owner != user.id:\n        raise Forbidden()\n    return True\n',
        'def authorize(user, doc):\n    if doc.owner != user.id:\n        raise Forbidden()\n    log(doc)\n    return True\n',
      ),
      example(
        'java',
        'class A {\n  boolean authorize(User user, Doc doc) {\n    if (doc.owner != user.id) { return false; }\n    return true;\n  }\n}\n',
        'class A {\n  boolean authorize(User user, Doc doc) {\n    if (user.name.equals("debug")) { return true; }\n    if (doc.owner != user.id) { return false; }\n    return true;\n  }\n}\n',
        'class A {\n  boolean authorize(User user, Doc doc) {\n    if (user.locked) { return false; }\n    if (doc.owner != user.id) { return false; }\n    return true;\n  }\n}\n',
      ),
    ],
  },
  {
    id: 'early-exit-widened',
    group: 'guard',
    title: 'A way out before checks is taken more often',
    meaning:
      'The condition of a branch that leaves with success before checks, or with yes in a function of access, holds in more cases.',
    why: 'The checks below are skipped for more people.',
    examples: [
      example(
        'javascript',
        'function authorize(user, doc) {\n  if (user.isAdmin) return true;\n  if (doc.owner !== user.id) return false;\n  return true;\n}\n',
        'function authorize(user, doc) {\n  if (user.isAdmin || user.isGuest) return true;\n  if (doc.owner !== user.id) return false;\n  return true;\n}\n',
        'function authorize(user, doc) {\n  if (user.isAdmin && user.active) return true;\n  if (doc.owner !== user.id) return false;\n  return true;\n}\n',
      ),
      example(
        'go',
        'package a\n\nfunc CanEdit(u *User, p *Project) bool {\n\tif p.OwnerID == u.ID {\n\t\treturn true\n\t}\n\treturn p.HasMember(u.ID)\n}\n',
        'package a\n\nfunc CanEdit(u *User, p *Project) bool {\n\tif p.OwnerID == u.ID || p.Public {\n\t\treturn true\n\t}\n\treturn p.HasMember(u.ID)\n}\n',
        'package a\n\n// CanEdit tells whether the user may change the project.\nfunc CanEdit(who *User, what *Project) bool {\n\tif what.OwnerID == who.ID {\n\t\treturn true\n\t}\n\treturn what.HasMember(who.ID)\n}\n',
      ),
    ],
  },
  {
    id: 'condition-removed',
    group: 'guard',
    title: 'Something no longer depends on a condition',
    meaning: 'A condition is gone, and what stood under it is done in any case.',
    why: 'What only some could do, all can do.',
    examples: [
      example(
        'go',
        'package a\n\nfunc Show(u *User) {\n\tif u.HasPermission(Read) {\n\t\trenderSecrets(u)\n\t}\n\trenderFooter(u)\n}\n',
        'package a\n\nfunc Show(u *User) {\n\trenderSecrets(u)\n\trenderFooter(u)\n}\n',
        'package a\n\nfunc Show(u *User) {\n\tif u.HasPermission(Read) {\n\t\trenderSecrets(u)\n\t}\n\trenderFooter(u)\n\tcount(u)\n}\n',
      ),
    ],
  },
  {
    id: 'condition-operand-dropped',
    group: 'guard',
    title: 'A condition demands less',
    meaning: 'A part of a condition that had to hold is gone.',
    why: 'It is met by more people.',
    examples: [
      example(
        'python',
        'def can_read(user, doc):\n    return user.active and user.has_role("reader")\n',
        'def can_read(user, doc):\n    return user.active\n',
        'def can_read(user, doc):\n    return user.has_role("reader") and user.active\n',
      ),
    ],
  },
  {
    id: 'condition-alternative-added',
    group: 'guard',
    title: 'A condition has another way to be met',
    meaning: 'An alternative was added to a condition that allows, or to the answer of a checking function.',
    why: 'A second key to the same door: an identity, a header, a debug switch.',
    examples: [
      example(
        'typescript',
        'export function canDelete(u: User, d: Doc) {\n  return verifySession(u.session);\n}\n',
        'export function canDelete(u: User, d: Doc) {\n  return verifySession(u.session) || u.name === "service-debug";\n}\n',
        'export function canDelete(user: User, doc: Doc) {\n  return verifySession(user.session);\n}\n',
      ),
    ],
  },
  {
    id: 'condition-operator-weakened',
    group: 'guard',
    title: 'A condition compares more loosely',
    meaning: 'The operator of a comparison in an answer or a condition changed to one that holds more often.',
    why: 'Values that did not count as equal, or lay outside a bound, are accepted.',
    examples: [
      example(
        'javascript',
        'function isOwner(user, doc) {\n  return user.id === doc.owner;\n}\n',
        'function isOwner(user, doc) {\n  return user.id == doc.owner;\n}\n',
        'function isOwner(user, doc) {\n  return doc.owner === user.id;\n}\n',
      ),
    ],
  },
  {
    id: 'condition-negated',
    group: 'guard',
    title: 'A condition was turned into its opposite',
    meaning: 'A condition that allows, or the answer of a checking function, is the negation of what it was.',
    why: 'It holds for exactly those for whom it did not.',
    examples: [
      example(
        'java',
        'class A {\n  boolean isAllowed(User user) {\n    return user.hasRole("admin");\n  }\n}\n',
        'class A {\n  boolean isAllowed(User user) {\n    return !user.hasRole("admin");\n  }\n}\n',
        'class A {\n  boolean isAllowed(User who) {\n    return (who.hasRole("admin"));\n  }\n}\n',
      ),
    ],
  },
  {
    id: 'condition-changed',
    group: 'guard',
    title: 'A condition tests something else',
    meaning: 'A condition or an answer is another one, and neither is the other one with more or less.',
    why: 'Which way it goes is a question for a person.',
    examples: [
      example(
        'python',
        'def is_allowed(user, doc):\n    return user.role == doc.required_role\n',
        'def is_allowed(user, doc):\n    return user.team == doc.wanted_team\n',
        'def is_allowed(user, doc):\n    return doc.required_role == user.role\n',
      ),
    ],
  },
  {
    id: 'comparison-loosened',
    group: 'guard',
    title: 'A comparison asks for less',
    meaning:
      '`===` became `==`, or a host, origin, path or secret that had to be equal to something only has to begin with it, end in it, contain it or be spelled like it.',
    why: 'Values of another type count as equal, or a name that an attacker registers has the asked one in it: `example.test.attacker.test`.',
    examples: [
      example(
        'javascript',
        'function create(config, auth) {\n  if (config.allowCreation === false && !auth.isMaster) throw new Forbidden();\n  save(config);\n}\n',
        'function create(config, auth) {\n  if (config.allowCreation == false && !auth.isMaster) throw new Forbidden();\n  save(config);\n}\n',
        'function create(config, auth) {\n  if (!auth.isMaster && config.allowCreation === false) throw new Forbidden();\n  save(config);\n}\n',
      ),
      example(
        'javascript',
        'function answer(request, response) {\n  if (request.headers.origin !== ALLOWED) return response.sendStatus(403);\n  serve(request);\n}\n',
        'function answer(request, response) {\n  if (!request.headers.origin.includes(ALLOWED)) return response.sendStatus(403);\n  serve(request);\n}\n',
        'function answer(request, response) {\n  if (ALLOWED !== request.headers.origin) return response.sendStatus(403);\n  serve(request);\n}\n',
      ),
      example(
        'go',
        'package a\n\nfunc Check(r *Request) error {\n\tif r.Host != allowedHost {\n\t\treturn ErrForbidden\n\t}\n\treturn serve(r)\n}\n',
        'package a\n\nfunc Check(r *Request) error {\n\tif !strings.Contains(r.Host, allowedHost) {\n\t\treturn ErrForbidden\n\t}\n\treturn serve(r)\n}\n',
        'package a\n\nfunc Check(r *Request) error {\n\tif allowedHost != r.Host {\n\t\treturn ErrForbidden\n\t}\n\treturn serve(r)\n}\n',
      ),
    ],
  },
  {
    id: 'guard-moved-behind',
    group: 'guard',
    title: 'A check stands behind what it protected',
    meaning:
      'The same refusing branch stands in the same function, but behind a call that changes something and stood behind it.',
    why: 'It refuses when the thing is done.',
    examples: [
      example(
        'javascript',
        'function remove(user, doc) {\n  if (!user.isAdmin) throw new Forbidden();\n  db.delete(doc.id);\n  log(doc);\n}\n',
        'function remove(user, doc) {\n  db.delete(doc.id);\n  if (!user.isAdmin) throw new Forbidden();\n  log(doc);\n}\n',
        'function remove(user, doc) {\n  log(doc);\n  if (!user.isAdmin) throw new Forbidden();\n  db.delete(doc.id);\n}\n',
      ),
    ],
  },
  {
    id: 'function-removed',
    group: 'guard',
    title: 'A function is gone',
    meaning:
      'A file has fewer functions than before and gained none in their place. High when the function was itself a check, medium when it held checks or words of access, low otherwise.',
    why: 'With a whole function its checks go, also those of a method that stood in front of an inherited one.',
    examples: [
      example(
        'python',
        'class Proxy(Base):\n    def send(self, path):\n        if path.startswith("//"):\n            raise Forbidden()\n        return super().send(path)\n\n    def stop(self):\n        self.done = True\n',
        'class Proxy(Base):\n    def stop(self):\n        self.done = True\n',
        'class Proxy(Base):\n    def stop(self):\n        self.done = True\n\n    def send(self, path):\n        if path.startswith("//"):\n            raise Forbidden()\n        return super().send(path)\n',
      ),
    ],
  },
  {
    id: 'error-ignored',
    group: 'guard',
    title: 'The error of a call is ignored',
    meaning: 'A call is still made, and its error is thrown away or no longer looked at.',
    why: 'A check that fails counts as passed.',
    examples: [
      example(
        'go',
        'package a\n\nfunc Open(t *Token) error {\n\tif err := verifyToken(t); err != nil {\n\t\treturn err\n\t}\n\treturn open(t)\n}\n',
        'package a\n\nfunc Open(t *Token) error {\n\t_ = verifyToken(t)\n\treturn open(t)\n}\n',
        'package a\n\nfunc Open(t *Token) error {\n\terr := verifyToken(t)\n\tif err != nil {\n\t\treturn err\n\t}\n\treturn open(t)\n}\n',
      ),
    ],
  },
  {
    id: 'error-swallowed',
    group: 'guard',
    title: 'A handler of errors does nothing or no longer refuses',
    meaning: 'A `catch` or `except` was emptied, or no longer throws or answers with an error.',
    why: 'What failed goes on as if it had not.',
    examples: [
      example(
        'javascript',
        'function open(token) {\n  try {\n    verifyToken(token);\n  } catch (error) {\n    throw new Unauthorized();\n  }\n  read(token);\n}\n',
        'function open(token) {\n  try {\n    verifyToken(token);\n  } catch (error) {\n  }\n  read(token);\n}\n',
        'function open(token) {\n  try {\n    verifyToken(token);\n  } catch (failure) {\n    // no entry\n    throw new Unauthorized();\n  }\n  read(token);\n}\n',
      ),
      example(
        'python',
        'def open_door(token):\n    try:\n        verify_token(token)\n    except Bad:\n        raise Unauthorized()\n    read(token)\n',
        'def open_door(token):\n    try:\n        verify_token(token)\n    except Bad:\n        pass\n    read(token)\n',
        'def open_door(token):\n    try:\n        verify_token(token)\n    except Bad:  # no entry\n        raise Unauthorized()\n    read(token)\n',
      ),
    ],
  },
];
