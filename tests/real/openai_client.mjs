// What the official client makes of a server of chats: a line of JSON for each thing that is tried.
// Use: node openai_client.mjs BASE_URL MODEL QUESTION
import OpenAI from "openai";

const [baseURL, model, question] = process.argv.slice(2);
const client = new OpenAI({ baseURL, apiKey: "none", maxRetries: 0 });
const messages = [{ role: "user", content: question }];
const tell = (thing) => console.log(JSON.stringify(thing));

const models = [];
for await (const each of client.models.list()) models.push(each.id);
tell({ tried: "models", models });

const whole = await client.chat.completions.create({ model, messages, seed: 7 });
tell({
  tried: "whole", content: whole.choices[0].message.content, finish: whole.choices[0].finish_reason,
  tokens: whole.usage.completion_tokens, answer: whole.evotts.answer,
});

const streamed = { tried: "stream", content: "", thought: "", finish: null, chunks: 0, tokens: null };
const stream = await client.chat.completions.create({
  model: `${model}@0.3`, messages, seed: 7, stream: true, stream_options: { include_usage: true },
});
for await (const chunk of stream) {
  ++streamed.chunks;
  streamed.content += chunk.choices[0]?.delta?.content ?? "";
  streamed.thought += chunk.choices[0]?.delta?.reasoning_content ?? "";
  streamed.finish ??= chunk.choices[0]?.finish_reason ?? null;
  streamed.tokens ??= chunk.usage?.completion_tokens ?? null;
}
tell(streamed);

const final = await client.chat.completions.stream({ model, messages, seed: 7 }).finalChatCompletion();
tell({ tried: "helper", content: final.choices[0].message.content });

try {
  await client.chat.completions.create({ model, messages, n: 3 });
} catch (error) {
  tell({ tried: "refused", status: error.status, param: error.param, kind: error.constructor.name });
}

// A quick machine may have answered before the client leaves; then it leaves sooner the next time.
for (const milliseconds of [300, 100, 30, 10, 3]) {
  const control = new AbortController();
  const leave = setTimeout(() => control.abort(), milliseconds);
  try {
    await client.chat.completions.create({ model: `${model}@1`, messages }, { signal: control.signal });
    clearTimeout(leave);
  } catch (error) {
    tell({ tried: "aborted", kind: error.constructor.name });
    break;
  }
}
