/**
 * Asks one of the app's endpoints to sign: `{signature, timestamp, api_key, cloud_name}`.
 * @throws Error whose message names the parameter that the policy does not allow
 */
export async function sign(endpoint, paramsToSign) {
  const response = await fetch(endpoint, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ paramsToSign }),
  });
  if (response.status === 401)
    throw new Error('Not signed: the app has forgotten this visit. Reload the page');
  const answer = await response.json();
  if (!response.ok) throw new Error(`Not signed: ${answer.error.message}`);
  return answer;
}
