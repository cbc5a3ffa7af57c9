import { EventEmitter } from 'node:events';
import { strict } from './strict.mjs';
import { runtime } from './runtime.mjs';

/** Electron's name of a permission → Chromium's names of what it covers. */
const permissions = {
  media: ['camera', 'microphone'],
  geolocation: ['geolocation'],
  notifications: ['notifications'],
  midi: ['midi'],
  'clipboard-read': ['clipboard-read'],
  'clipboard-sanitized-write': ['clipboard-write'],
  'idle-detection': ['idle-detection'],
  'persistent-storage': ['persistent-storage'],
};

const hooks = { request: undefined, check: undefined, beforeRequest: undefined };

export const defaultSession = strict(
  'Session',
  Object.assign(new EventEmitter(), {
    setPermissionRequestHandler(handler) {
      hooks.request = handler;
    },
    setPermissionCheckHandler(handler) {
      hooks.check = handler;
    },
    /** No device can be asked for here. */
    setDevicePermissionHandler() {},
    /** The system's answer is what the test says. */
    async resolveProxy() {
      return process.env.AN_THU_STAND_IN_PROXY ?? 'DIRECT';
    },
    webRequest: strict('WebRequest', {
      onBeforeRequest(...args) {
        hooks.beforeRequest = args.at(-1);
      },
    }),
  }),
);

export const session = strict('session', { defaultSession });

/** Whether the app lets a request go on. */
export async function requestAllowed(details) {
  if (!hooks.beforeRequest) return true;
  const answer = await new Promise((resolve) => hooks.beforeRequest(details, resolve));
  return answer?.cancel !== true;
}

const decided = new Set();

/**
 * Chromium cannot be made to ask at the moment of need, so the app's handlers are asked for each permission when an
 * origin is first loaded. Without handlers everything is granted, which is Electron's default.
 */
export async function decidePermissions(contents, appUrl, chromiumOrigin) {
  if (decided.has(chromiumOrigin)) return;
  decided.add(chromiumOrigin);
  for (const [permission, names] of Object.entries(permissions)) {
    const details = { requestingUrl: appUrl, isMainFrame: true };
    const checked = hooks.check ? hooks.check(contents, permission, appUrl, details) : true;
    const granted = hooks.request
      ? await new Promise((resolve) => hooks.request(contents, permission, resolve, details))
      : true;
    const setting = checked && granted ? 'granted' : 'denied';
    for (const name of names) {
      await runtime.cdp.send('Browser.setPermission', {
        permission: { name },
        setting,
        origin: chromiumOrigin,
      });
    }
  }
}
