import {
  BedrockRuntimeClient,
  ConverseCommand,
  ConverseStreamCommand,
  InvokeModelCommand,
  InvokeModelWithResponseStreamCommand,
  ThrottlingException,
} from '@aws-sdk/client-bedrock-runtime';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { type ClientUnderTest, QUESTION, type SessionHeaders, TOOL, thrownBy } from './client-under-test.ts';

const modelId = 'us.anthropic.claude-haiku-4-5-20251001-v1:0';
const common = { provider: 'AWS', rates: [1.1, 5.5], finish: ['end_turn', 'tool_use'] } as const;

/** Amazon's client by Converse, with AWS credentials that the gateway signs with. */
export const bedrockConverse: ClientUnderTest = {
  ...common,
  name: '@aws-sdk/client-bedrock-runtime, converse',
  model: modelId,
  connect(origin, secret) {
    const { client, headed } = connectBedrock(origin, { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: secret });
    const { name, description, schema } = TOOL;
    const toolConfig = { tools: [{ toolSpec: { name, description, inputSchema: { json: schema } } }] };
    const ask = { modelId, messages: [{ role: 'user' as const, content: [{ text: QUESTION }] }] };
    return {
      async plain(headers) {
        const { output } = await headed(headers, () => client.send(new ConverseCommand(ask)));
        return output?.message?.content?.[0]?.text ?? '';
      },
      async streamed(headers) {
        const { stream } = await headed(headers, () => client.send(new ConverseStreamCommand(ask)));
        let text = '';
        for await (const event of stream!) text += event.contentBlockDelta?.delta?.text ?? '';
        return text;
      },
      async toolCall(headers) {
        const { output } = await headed(headers, () => client.send(new ConverseCommand({ ...ask, toolConfig })));
        return output?.message?.content?.find(({ toolUse }) => toolUse)?.toolUse?.input;
      },
      async limited(headers) {
        return ownError(await thrownBy(headed(headers, () => client.send(new ConverseCommand(ask)))));
      },
    };
  },
};

/** The same client by InvokeModel, with a key of Bedrock's. */
export const bedrockInvoke: ClientUnderTest = {
  ...common,
  name: '@aws-sdk/client-bedrock-runtime, invoke',
  model: 'claude-haiku-4-5-20251001',
  connect(origin, secret) {
    const { client, headed } = connectBedrock(origin, secret);
    const ask = {
      anthropic_version: 'bedrock-2023-05-31',
      max_tokens: 200,
      messages: [{ role: 'user', content: QUESTION }],
    };
    const tools = [{ name: TOOL.name, description: TOOL.description, input_schema: TOOL.schema }];
    const invoke = (body: object) =>
      new InvokeModelCommand({ modelId, contentType: 'application/json', body: JSON.stringify(body) });
    return {
      async plain(headers) {
        const { body } = await headed(headers, () => client.send(invoke(ask)));
        return JSON.parse(body.transformToString()).content[0].text;
      },
      async streamed(headers) {
        const input = { modelId, contentType: 'application/json', body: JSON.stringify(ask) };
        const answer = await headed(headers, () => client.send(new InvokeModelWithResponseStreamCommand(input)));
        let text = '';
        for await (const { chunk } of answer.body!) {
          text += JSON.parse(Buffer.from(chunk!.bytes!).toString()).delta?.text ?? '';
        }
        return text;
      },
      async toolCall(headers) {
        const { body } = await headed(headers, () => client.send(invoke({ ...ask, tools })));
        return JSON.parse(body.transformToString()).content[1].input;
      },
      async limited(headers) {
        return ownError(await thrownBy(headed(headers, () => client.send(invoke(ask)))));
      },
    };
  },
};

/** @param secret AWS credentials, or a key of Bedrock's. */
function connectBedrock(origin: string, secret: { accessKeyId: string; secretAccessKey: string } | string) {
  const client = new BedrockRuntimeClient({
    region: 'us-east-1',
    endpoint: `${origin}/v1/gateway/bedrock/v1/us-east-1`,
    // The gateway speaks HTTP/1.1; this client's own choice would be HTTP/2.
    requestHandler: new NodeHttpHandler(),
    maxAttempts: 1,
    ...(typeof secret === 'string'
      ? { token: { token: secret }, authSchemePreference: ['httpBearerAuth'] }
      : { credentials: secret }),
  });
  let sent: SessionHeaders = {};
  client.middlewareStack.add(
    (next) => (args) => {
      Object.assign((args.request as { headers: Record<string, string> }).headers, sent);
      return next(args);
    },
    { step: 'build' },
  );
  const signing: SessionHeaders =
    typeof secret === 'string'
      ? {}
      : { 'aws-access-key': secret.accessKeyId, 'aws-secret-key': secret.secretAccessKey };
  /** Calls are made one after the other here, so that their headers can be told this way. */
  const headed = <T>(headers: SessionHeaders, call: () => Promise<T>): Promise<T> => {
    sent = { ...headers, ...signing };
    return call();
  };
  return { client, headed };
}

function ownError(error: unknown) {
  return {
    isOwn: error instanceof ThrottlingException && error.name === 'ThrottlingException',
    status: (error as ThrottlingException).$metadata?.httpStatusCode,
  };
}
