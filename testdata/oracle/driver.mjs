// Asks @cloud-copilot/iam-simulate what a key policy says to requests, for the tests of compiler/access.
//
//   KEYPOLICY_ORACLE=FOLDER node driver.mjs <questions >answers
//
// FOLDER holds the package's node_modules. A question is one line of JSON,
// {"policy": {…}, "requests": [{"principal", "account", "action", "context": {KEY: [VALUE…]}}]}, and its answer is one
// line, a list of {"decision"} or {"error"} for each request. Where AWS does not document what it does, the simulator
// is asked about each thing that AWS may do, and answers that differ make the decision "unknown".
import { createRequire } from 'node:module'
import { createInterface } from 'node:readline'
import { join } from 'node:path'

const { runSimulation } = createRequire(join(process.env.KEYPOLICY_ORACLE, 'package.json'))('@cloud-copilot/iam-simulate')

const owner = '111122223333'
const key = `arn:aws:kms:us-east-1:${owner}:key/1234abcd-12ab-34cd-56ef-1234567890ab`
const list = (v) => (v === undefined ? [] : Array.isArray(v) ? v : [v])

// --- What the simulator is known to do otherwise than AWS -----------------------------------------------------------
//
// Each is a rewriting of the question into one that the simulator answers as AWS would, or of the answer. Nothing else
// may differ.

const differences = [
  {
    what: 'It drops kms:EncryptionContext:NAME from the context: a tag replaces each pair.',
    page: 'https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-encryption-context',
    ask: (q) => standIn(q, 'kms:EncryptionContext:', 'pair-')
  },
  {
    what: 'It does not know the older names kms:CustomerMasterKeySpec and kms:CustomerMasterKeyUsage, which still work.',
    page: 'https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-key-spec-replaced',
    ask: (q) => standIn(q, 'kms:CustomerMasterKey', 'older-')
  },
  {
    what: 'It does not know kms:CallerAccount of kms:SynchronizeMultiRegionKey; every operation on a key has it.',
    page: 'https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-caller-account',
    ask: (q) => (q.action === 'kms:SynchronizeMultiRegionKey' ? standIn(q, 'kms:CallerAccount', 'caller') : q)
  },
  {
    what: 'It resolves policy variables whatever the Version, where AWS does so from 2012-10-17 on.',
    page: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_version.html',
    ask: (q) => (q.policy.Version === '2012-10-17' ? q : eachValue(q, (v) => v.replaceAll('${', '${$}{')))
  },
  {
    what: 'It does not let an IPv6 address pass NotIpAddress with one IPv4 address, nor the reverse: a range of one does.',
    page: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_IPAddress',
    ask: (q) => eachValue(q, (v, operator) => (!/IpAddress/.test(operator) || v.includes('/') ? v : v + (v.includes(':') ? '/128' : '/32')))
  },
  {
    what: 'It takes a range of all addresses for one of a single address: two halves replace it.',
    page: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_IPAddress',
    ask: (q) => eachValue(q, (v, operator) => (!/IpAddress/.test(operator) ? v : { '0.0.0.0/0': ['0.0.0.0/1', '128.0.0.0/1'], '::/0': ['::/1', '8000::/1'] }[v] ?? v))
  },
  {
    what: 'It takes a time in seconds for milliseconds when it compares it with a date.',
    page: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_Date',
    ask: (q) => eachValue(withContext(q, (_, v) => seconds(v)), (v, operator) => (/Date/.test(operator) ? seconds(v) : v))
  },
  {
    what: 'It splits an ARN at the colons inside of a policy variable: the value replaces the variable.',
    page: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html',
    ask: (q) => eachValue(q, (v, operator) => (/Arn/.test(operator) ? v.replace(/\$\{([^},]*:[^},]*)\}/g, (whole, k) => q.context[contextKey(q.context, k)]?.[0] ?? whole) : v))
  },
  {
    what: 'It lets a variable without a value pass a negated operator only as text, and not at all with Arn: it is not a match, so the negation holds.',
    page: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#policy-vars-no-value',
    ask: (q) => eachCondition(q, (operator, k, values) => ({
      [operator]: { [k]: /Not/.test(operator) ? values.map((v) => (unresolved(v, q.context) ? nothing(operator) : v)) : values }
    }))
  },
  {
    what: 'It allows by a statement without Resource, which KMS takes and which has no effect.',
    page: 'https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-overview.html',
    ask: (q) => eachStatement(q, (st) => (st.Resource || st.NotResource ? [st] : []))
  },
  {
    what: 'It splits policy variables with a default at a comma and a blank only.',
    page: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#policy-vars-default-values',
    ask: (q) => eachValue(q, (v) => v.replace(/\$\{\s*([^,}]+?)\s*,\s*'/g, "${$1, '"))
  },
  {
    what: 'It matches names of roles without regard to case; they differ by it in a policy.',
    page: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html#reference_iam-quotas-names',
    ask: (q) => eachStatement(q, (st) => [eachPrincipal(st, (p) => (sameRole(p, q.principal) === false ? p.replace(/[^/]*$/, 'nobody') : p))])
  },
  {
    what: 'It wants an identity policy for a root user, whom the account principal names and to whom none can be attached.',
    page: 'https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html',
    answer: (q, d) => (/:root$/.test(q.principal) && d === 'needs_identity_policy' && (!isForeign(q) || crossAccount.has(q.action)) ? 'allowed' : d)
  },
  {
    what: 'It lets the account in NotPrincipal spare everyone of it: AWS asks for the account, the role and the caller, and denies the others.',
    page: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html',
    ask: (q) => eachStatement(q, (st) => ({ true: [], false: [denying(st)] })[spares(st, q.principal)] ?? [st])
  },
  {
    what: 'It lets other accounts use every action; KMS lets them use these.',
    page: 'https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-modifying-external-accounts.html',
    answer: (q, d) => (d === 'needs_identity_policy' && isForeign(q) && !crossAccount.has(q.action) ? 'implicit_deny' : d)
  }
]

const crossAccount = new Set(
  ('CreateGrant Decrypt DeriveSharedSecret DescribeKey Encrypt GenerateDataKey GenerateDataKeyPair GenerateDataKeyPairWithoutPlaintext ' +
    'GenerateDataKeyWithoutPlaintext GenerateMac GetKeyRotationStatus GetPublicKey ListGrants ListRetirableGrants ReEncryptFrom ReEncryptTo ' +
    'RetireGrant RevokeGrant Sign Verify VerifyMac').split(' ').map((a) => 'kms:' + a)
)

// --- What AWS does not document: the question is asked in every way that it may be meant ----------------------------

const doubts = [
  {
    what: 'Which names of its own a service that calls by itself has beside the one that calls.',
    page: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principalservicenameslist',
    ways: (q) => (!isService(q.principal) || !/PrincipalServiceNamesList/i.test(JSON.stringify(q.policy)) ? [q] : [[], ['another-name.amazonaws.com']].map(
      (more) => ({ ...q, context: { ...q.context, 'aws:PrincipalServiceNamesList': [q.principal, ...more] } })))
  },
  {
    what: 'Whether a service that calls by itself has an account, an ARN and a type.',
    page: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principalaccount',
    ways: (q) => serviceKeys(q).reduce((ways, [k, v]) => ways.flatMap((w) => [w, { ...w, context: { ...w.context, [k]: v } }]), [q])
  },
  {
    what: 'Only a part of a caller, its account, its role and itself, is in NotPrincipal: it may still be denied.',
    page: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html',
    ways: (q) => (!q.policy.Statement.some((st) => spares(st, q.principal) === undefined) ? [q] : [true, false].map(
      (spared) => eachStatement(q, (st) => (spares(st, q.principal) === undefined ? (spared ? [] : [denying(st)]) : [st]))))
  },
  {
    what: 'ForAnyValue with IfExists where the key is absent: IAM says that IfExists holds, and it was seen not to.',
    page: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html',
    ways: (q) => conditionWays(q, (operator, k) => /^ForAnyValue:.*IfExists$/.test(operator) && absent(q, k), () => null)
  },
  {
    what: 'A key of several values without set operator: no match whatever was asked was seen, and one value may do.',
    page: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html',
    ways: (q) => conditionWays(q, (operator, k) => !/^For|^Null/.test(operator) && manyValued(k) && !absent(q, k), (operator) => (/Not/.test(operator) ? null : 'ForAnyValue:' + operator))
  },
  {
    what: 'BinaryEquals compares bytes in base64, and KMS has no such key.',
    page: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_BinaryEquals',
    ways: (q) => {
      const fits = (operator, k) => /Binary/.test(operator) && !absent(q, k)
      const never = eachCondition(q, (operator, k, values) => (fits(operator, k) ? { Null: { [k]: ['true'] } } : { [operator]: { [k]: values } }))
      return [never, ...conditionWays(q, fits, () => null)]
    }
  }
]

const denying = ({ NotPrincipal, ...rest }) => ({ ...rest, Principal: '*' })

// spares says whether NotPrincipal takes the caller out of a Deny: true, false, or undefined where AWS's page leaves it
// open; null where it is not such a statement.
function spares(st, principal) {
  if (!st.NotPrincipal || st.Effect !== 'Deny') return null
  if (st.NotPrincipal === '*') return true
  const names = list(st.NotPrincipal.AWS)
  if (isService(principal)) return list(st.NotPrincipal.Service).includes(principal)
  if (names.includes('*')) return true
  const account = accountOf(principal)
  const mine = names.filter((p) => p !== account && accountOf(p) === account && !p.endsWith(':root'))
  const accountListed = names.some((p) => p === account || p === `arn:aws:iam::${account}:root`)
  if (principal.endsWith(':root')) return !accountListed ? false : mine.length > 0 ? undefined : true
  const [, role, session] = principal.match(/:assumed-role\/([^/]+)\/(.+)$/) ?? []
  const self = mine.includes(principal)
  const roleListed = role !== undefined && mine.some((p) => sameRole(p, principal))
  const user = /:federated-user\//.test(principal) && mine.some((p) => p.replace(/^.*:user\/(.*\/)?/, '') === principal.replace(/^.*\//, ''))
  if (self && accountListed && (roleListed || !session)) return true
  if (!self && !roleListed && !user) return !accountListed || mine.length > 0 ? false : undefined
  if (!self && roleListed && accountListed && mine.some((p) => p.includes(`:assumed-role/${role}/`))) return false
  return undefined
}

function serviceKeys(q) {
  if (!isService(q.principal)) return []
  const account = '000000000000'
  const keys = [
    ['aws:PrincipalArn', [`arn:aws:iam::${account}:root`]], ['aws:PrincipalAccount', [account]],
    ['kms:CallerAccount', [account]], ['aws:PrincipalType', ['AWSService']]
  ].filter(([k]) => JSON.stringify(q.policy).toLowerCase().includes(k.toLowerCase()) && absent(q, k))
  return keys
}

const manyValued = (k) =>
  ['kms:encryptioncontextkeys', 'kms:grantoperations', 'kms:resourcealiases', 'aws:calledvia', 'aws:tagkeys', 'aws:principalorgpaths',
    'aws:sourceorgpaths', 'aws:resourceorgpaths', 'aws:vpceorgpaths', 'aws:principalservicenameslist'].includes(k.toLowerCase())

// standIn lets a tag of the request replace keys that start so.
const standIn = (q, key, tag) => JSON.parse(JSON.stringify(q).replace(new RegExp(key, 'gi'), 'aws:RequestTag/' + tag))

// --- Questions, rewritten -------------------------------------------------------------------------------------------

const eachStatement = (q, f) => ({ ...q, policy: { ...q.policy, Statement: q.policy.Statement.flatMap(f) } })

// eachCondition replaces each operator, key and values by a Condition block, which may be empty.
const eachCondition = (q, f) => eachStatement(q, (st) => {
  if (!st.Condition) return [st]
  const out = {}
  for (const [operator, keys] of Object.entries(st.Condition))
    for (const [k, values] of Object.entries(keys))
      for (const [o, more] of Object.entries(f(operator, k, list(values)))) out[o] = { ...out[o], ...more }
  return [{ ...st, Condition: out }]
})

const eachValue = (q, f) => eachCondition(q, (operator, k, values) => ({ [operator]: { [k]: values.flatMap((v) => f(v, operator)) } }))

const withContext = (q, f) => ({ ...q, context: Object.fromEntries(Object.entries(q.context).map(([k, values]) => [k, values.map((v) => f(k, v))])) })

function eachPrincipal(st, f) {
  const map = (p) => (!p || typeof p === 'string' || !p.AWS ? p : { ...p, AWS: list(p.AWS).map(f) })
  return { ...st, ...(st.Principal && { Principal: map(st.Principal) }), ...(st.NotPrincipal && { NotPrincipal: map(st.NotPrincipal) }) }
}

// conditionWays asks about each condition that fits as it is, and with the operator that other gives in its place;
// null leaves the condition out. Each is meant in one way or the other on its own.
function conditionWays(q, fits, other) {
  let count = 0
  eachCondition(q, (operator, k) => (fits(operator, k) && count++, {}))
  const ways = []
  for (let bits = 0; bits < 2 ** count; bits++) {
    let n = 0
    ways.push(eachCondition(q, (operator, k, values) => {
      if (!fits(operator, k) || !((bits >> n++) & 1)) return { [operator]: { [k]: values } }
      const instead = other(operator)
      return instead === null ? {} : { [instead]: { [k]: values } }
    }))
  }
  return ways
}

// seconds writes a date as the seconds since 1970; any other text stays as it is.
const seconds = (text) => (/^\d{4}-\d\d-\d\d(T|$)/.test(text) && !Number.isNaN(Date.parse(text)) ? String(Date.parse(text) / 1000) : text)

const contextKey = (context, k) => Object.keys(context).find((have) => have.toLowerCase() === k.toLowerCase())
const absent = (q, k) => contextKey(q.context, k) === undefined

function unresolved(value, context) {
  return [...value.matchAll(/\$\{([^}]*)\}/g)].some(([, inside]) => {
    const [name, fallback] = inside.split(',')
    return !'*?$'.includes(inside) && fallback === undefined && contextKey(context, name.trim()) === undefined
  })
}

// nothing is a value that no key has.
const nothing = (operator) => (/Arn/.test(operator) ? 'arn:aws:none:none:none:none' : 'no-value-at-all')

const isService = (principal) => !principal.startsWith('arn:')
const accountOf = (name) => (name.startsWith('arn:') ? name.split(':')[4] : name)
const isForeign = (q) => !isService(q.principal) && accountOf(q.principal) !== owner

// sameRole says whether a policy's role is the session's; undefined where it is about something else.
function sameRole(p, principal) {
  const [, role] = p.match(/:role\/(?:.*\/)?([^/]+)$/) ?? []
  const [, session] = principal.match(/:assumed-role\/([^/]+)\//) ?? []
  return role && session ? role === session : undefined
}

// --- Asking ----------------------------------------------------------------------------------------------------------

const everything = [{ name: 'all', policy: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 'kms:*', Resource: '*' }] } }]
const organization = [{ orgIdentifier: 'r-1', policies: [{ name: 'all', policy: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] } }] }]

async function simulate(q, identityPolicies) {
  const context = Object.fromEntries(Object.entries(q.context).map(([k, v]) => [k, v.length === 1 && !manyValued(k) ? v[0] : v]))
  const result = await runSimulation({
    request: { principal: q.principal, action: q.action, resource: { resource: key, accountId: owner }, contextVariables: context },
    identityPolicies, serviceControlPolicies: organization, resourceControlPolicies: [], resourcePolicy: q.policy
  }, { simulationMode: 'Strict' })
  if (result.resultType === 'error') throw new Error(JSON.stringify(result.errors))
  if (result.result?.ignoredContextKeys?.length > 0) throw new Error('drops ' + result.result.ignoredContextKeys + ' with ' + q.action)
  return result.overallResult
}

// decide asks without an identity policy, and then with one that allows everything.
async function decide(q) {
  for (const d of differences) if (d.ask) q = d.ask(q)
  if (q.policy.Statement.length === 0) return 'implicit_deny'
  const alone = await simulate(q, [])
  if (alone === 'Allowed') return 'allowed'
  if (alone === 'ExplicitlyDenied') return 'explicit_deny'
  let decision = 'implicit_deny'
  if (!isService(q.principal) && (await simulate(q, everything)) === 'Allowed') decision = 'needs_identity_policy'
  for (const d of differences) if (d.answer) decision = d.answer(q, decision)
  return decision
}

async function answer(q) {
  let ways = [q]
  for (const d of doubts) ways = ways.flatMap(d.ways)
  if (ways.length > 64) return { decision: 'unknown' }
  const decisions = new Set()
  for (const w of ways) {
    decisions.add(await decide(w))
    if (decisions.size > 1) return { decision: 'unknown' }
  }
  return { decision: [...decisions][0] }
}

for await (const line of createInterface({ input: process.stdin, crlfDelay: Infinity })) {
  const { policy, requests } = JSON.parse(line)
  const answers = []
  for (const request of requests) {
    try {
      answers.push(await answer({ policy, ...request }))
    } catch (error) {
      answers.push({ error: error.message })
    }
  }
  console.log(JSON.stringify(answers))
}
