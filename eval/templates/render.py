"""Renders chat templates as the hub's Python library does: Jinja2 in a sandbox, with its settings
(transformers/utils/chat_template_utils.py, _compile_jinja_template and render_jinja_template).

Reads {"templates": {name: source}, "conversations": {name: {...}}, "tokens": {...}} from standard input, in the
package's own form of messages, and writes {template: {conversation: text or null where the template refuses}}.
"""

import json
import sys
from datetime import datetime

from jinja2.exceptions import TemplateError
from jinja2.ext import Extension, loopcontrols
from jinja2.sandbox import ImmutableSandboxedEnvironment


def hub_message(message, names, as_text):
    """A message in the hub's form; `as_text` for templates that join arguments to texts."""
    if message["role"] == "tool":
        call = message["toolCallId"]
        return {"role": "tool", "content": message["content"], "tool_call_id": call, "name": names[call]}
    result = {"role": message["role"], "content": message["content"]}
    if message.get("reasoning"):
        result["reasoning_content"] = message["reasoning"]
    if message.get("toolCalls"):
        result["tool_calls"] = [
            {"id": c["id"], "type": "function", "function": {"name": c["name"], "arguments": arguments(c, as_text)}}
            for c in message["toolCalls"]
        ]
    return result


def arguments(call, as_text):
    return json.dumps(call["arguments"], ensure_ascii=False) if as_text else call["arguments"]


class Generation(Extension):
    """`{% generation %}` marks an assistant's words for training; what is within is rendered as it is."""

    tags = {"generation"}

    def parse(self, parser):
        next(parser.stream)
        return parser.parse_statements(["name:endgeneration"], drop_needle=True)


def environment():
    def raise_exception(message):
        raise TemplateError(message)

    def tojson(value, ensure_ascii=False, indent=None, separators=None, sort_keys=False):
        return json.dumps(
            value, ensure_ascii=ensure_ascii, indent=indent, separators=separators, sort_keys=sort_keys
        )

    env = ImmutableSandboxedEnvironment(trim_blocks=True, lstrip_blocks=True, extensions=[Generation, loopcontrols])
    env.filters["tojson"] = tojson
    env.globals["raise_exception"] = raise_exception
    env.globals["strftime_now"] = lambda form: datetime.now().strftime(form)
    return env


def main():
    given = json.load(sys.stdin)
    env = environment()
    rendered = {}
    for name, source in given["templates"].items():
        template = env.from_string(source)
        rendered[name] = {}
        for title, conversation in given["conversations"].items():
            messages = conversation["messages"]
            names = {c["id"]: c["name"] for m in messages for c in m.get("toolCalls", [])}
            tools = [
                {"type": "function", "function": {"name": key, **tool}}
                for key, tool in conversation.get("tools", {}).items()
            ]
            more = {}
            if "thinking" in conversation:
                more = {"enable_thinking": conversation["thinking"], "thinking": conversation["thinking"]}

            def render(as_text):
                return template.render(
                    messages=[hub_message(m, names, as_text) for m in messages],
                    tools=tools or None,
                    documents=None,
                    add_generation_prompt=True,
                    **given["tokens"],
                    **more,
                )

            try:
                try:
                    rendered[name][title] = render(False)
                except TypeError:
                    rendered[name][title] = render(True)
            except (TemplateError, TypeError):
                rendered[name][title] = None
    json.dump(rendered, sys.stdout)


main()
