import type { WireImage } from '../image/source.ts';
import { type Catalogue, loadProjects, type Membership } from './catalogue.ts';
import { type Kind, kinds } from './generated-kinds.ts';
import { createRandom, mix, type Random } from './random.ts';

const names = ['CentOS 7.6 64bit', 'Ubuntu 22.04 server 64bit', 'web-base', 'Web-base', '中文镜像', '镜像 二', 'a', ''];
const platforms = ['CentOS', 'Ubuntu', 'Debian', 'Red Hat', 'EulerOS', 'openEuler', 'Rocky Linux', 'Other'];
const tags = [
  [],
  [],
  ['app=web'],
  ['app=web', 'stage=prod'],
  ['app.web'],
  ['stage.prod', 'x'],
  ['x'],
  ['a=b=c', '键=值'],
];
const features = ['{"ssh_key": "true"}', '{"ssh_key": "True", "user_data": "false"}', 'not json', ''];
const origins = [
  'instance,i-1',
  'volume,v-1',
  'file,bucket:key',
  'image,cn-north-4,x',
  'server_backup,b',
  ',,',
  '',
  null,
];

/** Moments spread over the years from 2017, so few that several images share one. */
const toMoments = (size: number): string[] =>
  Array.from({ length: Math.ceil(size / 4) }, (_, i) => {
    const minute = Math.trunc((i * 16_000_000) / size);
    return new Date(Date.UTC(2017, 0, 1) + minute * 60_000).toISOString().replace('.000Z', 'Z');
  });

type Attribute = readonly [
  name: string,
  presence: number,
  value: (random: Random, moments: readonly string[]) => unknown,
];

const from =
  (...pool: readonly unknown[]): Attribute[2] =>
  (random) =>
    random.pick(pool);

const moment: Attribute[2] = (random, moments) => random.pick(moments);

/** The attributes of every kind of image: how often each is there, and what it may be. */
const attributes: readonly Attribute[] = [
  ['name', 0.97, (random) => `${random.pick(names)}${random.pick(['', '', ' 2', ' 10'])}`],
  ['container_format', 0.97, from('bare')],
  ['disk_format', 0.97, from('zvhd2', 'zvhd2', 'zvhd2', 'vhd', 'zvhd', 'raw', 'qcow2', null)],
  ['status', 1, from('active')],
  ['size', 0.97, from(0, 0, 2, null, 7_516_192_768)],
  ['created_at', 0.97, moment],
  ['updated_at', 0.97, moment],
  ['active_at', 0.9, moment],
  ['tags', 0.97, from(...tags)],
  ['min_ram', 1, from(0, 0, 0, 512, 1024, 2048, 65_536)],
  ['min_disk', 1, from(40, 40, 10, 100, 1024)],
  ['max_ram', 0.3, from('0', '4096', '65536', 'lots', '')],
  ['__isregistered', 1, from('true')],
  ['__image_source_type', 1, from('uds')],
  ['__image_size', 0.95, from('0', '1848573952', '8348762112', '', '1e9')],
  ['__os_type', 0.97, from('Linux', 'Linux', 'Linux', 'Other')],
  ['__os_bit', 0.95, from('64')],
  ['__os_version', 0.9, from('CentOS 7.6 64bit', 'Ubuntu 22.04 server 64bit', 'Other(64 bit)')],
  ['__platform', 0.95, (random) => random.pick(platforms)],
  ['virtual_env_type', 1, from('FusionCompute')],
  ['virtual_size', 0.7, from(null, 0)],
  ['__lazyloading', 0.8, from('true', 'false', 'True', 'False', true, '')],
  ['__os_feature_list', 0.6, from(...features)],
  ['__data_origin', 0.5, from(...origins)],
  ['__support_agent_list', 0.4, from('hss', 'ces', 'hss,ces', 'hss, ces', '')],
  ['__support_fc_inject', 0.2, from('true', 'false', '')],
  ['os_shutdown_timeout', 0.1, from('60', '300', 'soon')],
  ['hw_firmware_type', 0.5, from('bios', 'uefi', 'BIOS')],
  ['__description', 0.2, from('', '中文描述', 'line')],
];

const hex = (n: number): string => n.toString(16).padStart(8, '0');

/** A random UUID of version 4; the first group alone is different for each index. */
function toId(random: Random, seed: number, index: number): string {
  const [b, c, d] = [hex(random.bits()), hex(random.bits()), hex(random.bits())];
  const first = hex(mix((index ^ mix(seed)) >>> 0));
  return `${first}-${b.slice(0, 4)}-4${b.slice(5)}-a${c.slice(1, 4)}-${c.slice(4)}${d}`;
}

function toImage(id: string, owner: string, kind: Kind, random: Random, moments: readonly string[]): WireImage {
  const image: Record<string, unknown> & { id: string } = {
    schema: '/v2/schemas/image',
    self: `/v2/images/${id}`,
    file: `/v2/images/${id}/file`,
    id,
    owner,
  };
  for (const [name, presence, value] of attributes) {
    if (presence === 1 || random.chance(presence)) image[name] = value(random, moments);
  }
  return Object.assign(image, kind.attributes(random));
}

function toMemberships(owner: string, projects: readonly string[], random: Random): Membership[] {
  return projects
    .filter((project) => project !== owner && random.chance(0.6))
    .map((project) => ({ member_id: project, status: random.pick(['accepted', 'accepted', 'rejected', 'pending']) }));
}

/**
 * A catalogue made up from a seed: the same one each time, with the tokens of the sample catalogue. Holds ties under every sort
 * key, absent, null and malformed attributes, and every kind of image and membership once it is some hundred images large.
 */
export function generateCatalogue({ seed, size }: { seed: number; size: number }): Catalogue {
  const random = createRandom(seed);
  const projects = loadProjects();
  const everybody = [...new Set(projects.values())];
  const [platform = '', market = ''] = [projects.get('demo-plat'), projects.get('demo-mkt')];
  const customers = everybody.filter((project) => project !== platform && project !== market);
  const pool = kinds.flatMap((kind) => Array.from({ length: kind.weight }, () => kind));
  const moments = toMoments(size);

  const members = new Map<string, readonly Membership[]>();
  const images = Array.from({ length: size }, (_, index) => {
    const kind = random.pick(pool);
    const owner = { platform, market, customer: random.pick(customers) }[kind.owner];
    const image = toImage(toId(random, seed, index), owner, kind, random, moments);
    if (image['visibility'] === 'shared') members.set(image.id, toMemberships(owner, customers, random));
    return image;
  });
  return { images, members, projects };
}
