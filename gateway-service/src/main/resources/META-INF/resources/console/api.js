/** Asks the console's own gateway, which passes questions about another one on to it. */
export async function ask(path, parameters = {}) {
  const query = new URLSearchParams(parameters).toString();
  const answer = await fetch(`/api/v1/${path}${query ? `?${query}` : ''}`, { signal: AbortSignal.timeout(4000) });
  const body = await answer.json();
  if (!answer.ok) {
    throw new Error(body.error ?? `status ${answer.status}`);
  }
  return body;
}
