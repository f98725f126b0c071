# The makers of findings: the rules built in make none in another way.
package keypolicy.lib

# at points at a value.
at(path, message) := {"path": path, "message": message}

# at_key points at a field's name.
at_key(path, message) := {"path": path, "message": message, "at": "key"}

# because names the cause, in a rule that has several.
because(reason, finding) := object.union(finding, {"reason": reason})

# remedied says what to write instead, where METADATA's remedy can be more exact.
remedied(finding, help) := object.union(finding, {"help": help})

# beside shows another place that explains the finding.
beside(finding, path, message) := object.union(finding, {"related": [{"path": path, "message": message}]})

# beside_all shows several: a list of objects with path and message.
beside_all(finding, places) := object.union(finding, {"related": places})

# phrase is a sentence as part of another: without its full stop, and beginning in lower case.
phrase(sentence) := concat("", [lower(substring(sentence, 0, 1)), substring(trim_suffix(sentence, "."), 1, -1)])
