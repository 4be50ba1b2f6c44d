import { RefusedError } from './errors.ts';

/** A token of a project that may not do `ims:images:list`. Valid beside every catalogue's own tokens. */
export const forbiddenToken = 'demo-forbidden';

/** The project that a token stands for; throws the refusals of the API gateway and of IMS. No message holds the token. */
export function tokenToProject(token: string | undefined, projects: ReadonlyMap<string, string>): string {
  if (token === undefined || token === '') throw new RefusedError('APIGW.0301', 'X-Auth-Token is missing');
  if (token === forbiddenToken) throw new RefusedError('IMG.0026', 'the project is not granted ims:images:list');
  const project = projects.get(token);
  if (project === undefined) throw new RefusedError('APIGW.0301', 'decrypt token fail');
  return project;
}
