// Requests to the server. In each lane only the last one counts: it cancels the one before.

const lanes = new Map();

export function giveUp(lane) {
  lanes.get(lane)?.abort();
  lanes.delete(lane);
}

// Returns `{ status, data }`; null if the request was cancelled; status 0 if the server is gone.
export async function ask(lane, path, body) {
  giveUp(lane);
  const controller = new AbortController();
  lanes.set(lane, controller);
  const options = body && {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  };
  try {
    const answer = await fetch(`/api/${path}`, { ...options, signal: controller.signal });
    const data = await answer.json();
    return controller.signal.aborted ? null : { status: answer.status, data };
  } catch {
    return controller.signal.aborted ? null : { status: 0, data: {} };
  }
}

const timers = new Map();

// Calls `act` after so many milliseconds without another call of the same name.
export function rested(name, milliseconds, act) {
  clearTimeout(timers.get(name));
  timers.set(name, setTimeout(act, milliseconds));
}
