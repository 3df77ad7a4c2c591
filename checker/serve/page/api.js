// Questions to the server. In each lane the last one counts: it gives up what was asked before.

const lanes = new Map();

export function giveUp(lane) {
  lanes.get(lane)?.abort();
  lanes.delete(lane);
}

// Gives `{ status, data }`; null where the question was given up; status 0 where no one answers.
export async function ask(lane, path, body) {
  giveUp(lane);
  const here = new AbortController();
  lanes.set(lane, here);
  const asked = body && {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  };
  try {
    const answer = await fetch(`/api/${path}`, { ...asked, signal: here.signal });
    const data = await answer.json();
    return here.signal.aborted ? null : { status: answer.status, data };
  } catch {
    return here.signal.aborted ? null : { status: 0, data: {} };
  }
}

const waiting = new Map();

// Calls `act` once nothing has asked for it by this name for so many milliseconds.
export function rested(name, milliseconds, act) {
  clearTimeout(waiting.get(name));
  waiting.set(name, setTimeout(act, milliseconds));
}
