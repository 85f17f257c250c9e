using CalicoConsole.Core.Kinds;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Ports;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Core.Operations;

/// <summary>Collects a plan while it is worked out. Not thread-safe; lives for one call of a planner.</summary>
internal sealed class PlanBuilder
{
    private readonly List<FieldError> _errors = [];
    private readonly List<string> _warnings = [];
    private readonly List<DocumentChange> _changes = [];
    private readonly List<string> _commands = [];
    private readonly List<string> _consequences = [];
    private readonly List<string> _steps = [];
    private readonly List<string> _dockerCalls = [];
    private readonly List<KeyWrite> _writes = [];

    public bool HasErrors => _errors.Count > 0;

    public PlannedDocker? Docker { get; set; }

    public Ip? ProposedAddress { get; set; }

    public PlanBuilder Error(string field, string reason)
    {
        _errors.Add(new FieldError(field, reason));
        return this;
    }

    public void Errors(IEnumerable<FieldError> errors) => _errors.AddRange(errors);

    public void Warn(string warning) => _warnings.Add(warning);

    public void Change(string target, string obj, string? before, string? after) => _changes.Add(new DocumentChange(target, obj, before, after));

    public void Command(string command) => _commands.Add(command);

    public void Consequence(string sentence) => _consequences.Add(sentence);

    public void Say(Effects effects)
    {
        _consequences.AddRange(effects.Consequences);
        _warnings.AddRange(effects.Warnings);
    }

    public void Step(string name) => _steps.Add(name);

    public void DockerCall(string host, string call) => _dockerCalls.Add($"{host} {call}");

    /// <summary>Adds a write with its document change. <paramref name="before"/> is what stands there now.</summary>
    public void Write(string key, StoredKey? before, ReadOnlyMemory<byte>? after)
    {
        _writes.Add(new KeyWrite(key, after, before is null ? Expectation.Absent : Expectation.At(before.Revision)));
        Change(KeptKeys.IsKept(key) ? "console" : "etcd", key, before?.Text, after is { } bytes ? System.Text.Encoding.UTF8.GetString(bytes.Span) : null);
    }

    /// <summary>Adds a write whose document was shown already or has none, such as an empty directory.</summary>
    public void WriteQuietly(KeyWrite write) => _writes.Add(write);

    /// <summary>The plan. One with errors promises no change: it keeps only what explains the refusal.</summary>
    public PlannedOperation Build()
    {
        var plan = new Plan
        {
            Errors = [.. _errors],
            Warnings = [.. _warnings, .. HasErrors ? [] : SpelledOtherwise.Warnings(_writes)],
            ProposedAddress = ProposedAddress,
        };
        return HasErrors
            ? new PlannedOperation(plan, [])
            : new PlannedOperation(
                plan with
                {
                    Changes = [.. _changes],
                    Commands = [.. SpelledOtherwise.Commands(_writes, _commands)],
                    Consequences = [.. _consequences],
                    Steps = [.. _steps]
                },
                [.. _writes])
            {
                DockerCalls = [.. _dockerCalls],
                Docker = Docker,
            };
    }
}
