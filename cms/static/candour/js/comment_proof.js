/* A sum that the browser does before a comment is sent (ALTCHA), while its author still writes. */
const CHALLENGE = "/wp-json/candour/v1/comments/challenge";
// The site takes an answer for an hour; one that nobody used by then is made anew.
const GOOD_FOR = 50 * 60_000;

function inWorker(address, challenge) {
  return new Promise((resolve, reject) => {
    const worker = new Worker(address);
    const end = (settle) => (event) => {
      worker.terminate();
      settle(event.data);
    };
    worker.onmessage = end(resolve);
    worker.onerror = end(reject);
    worker.postMessage(challenge);
  });
}

async function solve(target, address) {
  const answer = await fetch(`${CHALLENGE}?post=${target}`);
  if (!answer.ok) return "";
  const { required, algorithm, challenge, salt, signature, maxNumber } = await answer.json();
  if (!required || algorithm !== "SHA-256") return "";
  const number = await inWorker(address, { challenge, salt, maxNumber });
  return number < 0 ? "" : btoa(JSON.stringify({ algorithm, challenge, number, salt, signature }));
}

export class Proof {
  #answer = null;
  #since = 0;

  constructor(target, worker) {
    this.target = target;
    this.worker = worker;
  }

  /* Begin the sum, if none is done or being done. */
  begin() {
    if (!this.#answer || Date.now() - this.#since > GOOD_FOR) {
      this.#since = Date.now();
      this.#answer = solve(this.target, this.worker).catch(() => "");
    }
    return this.#answer;
  }

  /* Return an answer to be sent, "" where none is asked for or none was found: it counts once. */
  async take() {
    let answer = await this.begin();
    this.#answer = null;
    // Sums may be asked for by now, or the site may answer again.
    if (!answer) answer = await this.begin();
    this.#answer = null;
    return answer;
  }
}
