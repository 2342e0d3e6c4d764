import type { CodeControl } from '../model.ts';
import { example } from './example.ts';

/** Routes, what runs before them, and decorators. */
export const ROUTE_CONTROLS: readonly CodeControl[] = [
  {
    id: 'middleware-removed',
    group: 'route',
    title: 'A route lost a check that runs before its handler',
    meaning: 'A middleware no longer stands in the chain of a route or its groups, or before all routes.',
    why: 'The handler answers requests that were stopped before.',
    examples: [
      example(
        'javascript',
        "router.post('/admin/users', requireAdmin, deleteUser);\n",
        "router.post('/admin/users', deleteUser);\n",
        "router.post('/admin/users', requireAdmin, audited, deleteUser);\n",
      ),
      example(
        'go',
        'package a\n\nfunc routes(m *Router) {\n\tm.Group("/api", func() {\n\t\tm.Post("/settings", saveSettings)\n\t}, requireToken())\n}\n',
        'package a\n\nfunc routes(m *Router) {\n\tm.Group("/api", func() {\n\t\tm.Post("/settings", saveSettings)\n\t})\n}\n',
        'package a\n\nfunc routes(m *Router) {\n\tm.Group("/api", func() {\n\t\tm.Post("/settings", saveSettings)\n\t\tm.Get("/settings", showSettings)\n\t}, requireToken())\n}\n',
      ),
      example(
        'go',
        'package a\n\nfunc routes(m *http.ServeMux, h *Handlers) {\n\tm.Handle("/login", limit(5, http.HandlerFunc(h.Login)))\n}\n',
        'package a\n\nfunc routes(m *http.ServeMux, h *Handlers) {\n\tm.HandleFunc("/login", h.Login)\n}\n',
        'package a\n\nfunc routes(m *http.ServeMux, h *Handlers) {\n\tm.Handle("/login", traced(limit(5, http.HandlerFunc(h.Login))))\n}\n',
      ),
    ],
  },
  {
    id: 'middleware-order-changed',
    group: 'route',
    title: 'A check is set up after what it protected',
    meaning: 'What ran before a route is registered after it, or the order in a chain changed.',
    why: 'Frameworks run what was registered first: the route answers before the check.',
    examples: [
      example(
        'javascript',
        "app.use(requireLogin);\napp.get('/orders', listOrders);\n",
        "app.get('/orders', listOrders);\napp.use(requireLogin);\n",
        "app.use(requireLogin);\napp.get('/orders', listOrders);\napp.get('/prices', listPrices);\n",
      ),
    ],
  },
  {
    id: 'route-method-widened',
    group: 'route',
    title: 'A handler answers more methods',
    meaning: 'A route that changes something answers a safe method or every method.',
    why: 'A link or an image on another page is enough to call it.',
    examples: [
      example(
        'go',
        'package a\n\nfunc routes(m *Router) {\n\tm.Post("/teams/leave", requireLogin, leaveTeam)\n}\n',
        'package a\n\nfunc routes(m *Router) {\n\tm.Get("/teams/leave", requireLogin, leaveTeam)\n}\n',
        'package a\n\nfunc routes(m *Router) {\n\tm.Post("/teams/leave", requireLogin, leaveTeam)\n\tm.Get("/teams", requireLogin, listTeams)\n}\n',
      ),
    ],
  },
  {
    id: 'route-moved',
    group: 'route',
    title: 'A handler stands at another path',
    meaning: 'The same handler is registered at a shorter path or in another group.',
    why: 'Rules for paths may no longer cover it.',
    examples: [],
  },
  {
    id: 'decorator-removed',
    group: 'route',
    title: 'A decorator or an annotation that demands something is gone',
    meaning: 'What required a login, a role, a method or a valid value no longer stands before the function.',
    why: 'The framework no longer checks before it calls the function.',
    examples: [
      example(
        'python',
        '@login_required\ndef settings(request):\n    return render(request)\n',
        'def settings(request):\n    return render(request)\n',
        '@login_required\ndef settings(req):\n    return render(req)\n',
      ),
      example(
        'java',
        'class A {\n  @PreAuthorize("hasRole(\'ADMIN\')")\n  void remove(long id) { db.delete(id); }\n}\n',
        'class A {\n  void remove(long id) { db.delete(id); }\n}\n',
        'class A {\n  @PreAuthorize("hasRole(\'ADMIN\')")\n  void remove(long key) { db.delete(key); }\n}\n',
      ),
      example(
        'typescript',
        'class A {\n  @Roles("admin")\n  remove(id: string) {\n    this.db.delete(id);\n  }\n}\n',
        'class A {\n  remove(id: string) {\n    this.db.delete(id);\n  }\n}\n',
        'class A {\n  @Roles("admin")\n  remove(key: string) {\n    this.db.delete(key);\n  }\n}\n',
      ),
    ],
  },
  {
    id: 'decorator-added',
    group: 'route',
    title: 'Something was made exempt from a check',
    meaning: 'A decorator or an annotation that takes a check away stands before a function that was there before.',
    why: 'The framework calls the function for everybody, whatever it demands elsewhere.',
    examples: [
      example(
        'python',
        '@bp.post("/email")\ndef change_email():\n    return save(request.form)\n',
        '@bp.post("/email")\n@csrf.exempt\ndef change_email():\n    return save(request.form)\n',
        '@bp.post("/email")\n@measured\ndef change_email():\n    return save(request.form)\n',
      ),
      example(
        'java',
        'class A {\n  @Path("keys")\n  List<Key> keys() { return db.keys(); }\n}\n',
        'class A {\n  @PermitAll\n  @Path("keys")\n  List<Key> keys() { return db.keys(); }\n}\n',
        'class A {\n  @Produces("text/plain")\n  @Path("keys")\n  List<Key> keys() { return db.keys(); }\n}\n',
      ),
    ],
  },
  {
    id: 'decorator-changed',
    group: 'route',
    title: 'A decorator or an annotation demands something else',
    meaning: 'The arguments of a checking decorator changed.',
    why: 'It may be met by more people.',
    examples: [
      example(
        'java',
        'class A {\n  @Secured({"ROLE_ADMIN"})\n  void remove(long id) { db.delete(id); }\n}\n',
        'class A {\n  @Secured({"ROLE_USER"})\n  void remove(long id) { db.delete(id); }\n}\n',
        'class A {\n  @Secured({"ROLE_ADMIN"})\n  void remove(long key) { db.delete(key); }\n}\n',
      ),
    ],
  },
];
