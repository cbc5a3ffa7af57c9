/** What the app asked of the desktop and nobody can see here (dialogs, menus, notifications); for tests. */
export const trace = [];

export function record(what, detail) {
  trace.push({ what, detail });
}
