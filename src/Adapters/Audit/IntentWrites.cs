using System.Text.Json;
using System.Text.Json.Serialization;
using CalicoConsole.Core.Operations;
using CalicoConsole.Core.Ports;

namespace CalicoConsole.Adapters.Audit;

/// <summary>
/// What an intent says will be tried, in order: enough to find out after a crash what was done. The one writer and reader of <see cref="AuditIntent.Writes"/>:
/// <c>{"v":1,"writes":[{"key":"/calico/…","expect":"absent|any|revision","revision":7,"value":"…"}],"docker":["POST …"],"consents":["…"]}</c>; a write without
/// a value deletes; a value that is not UTF-8 stands as <c>base64</c>; <c>redacted</c> says that secrets were taken out of the value.
/// </summary>
/// <param name="Writes">Datastore writes.</param>
/// <param name="DockerCalls">Docker calls.</param>
public sealed record IntentWrites(ImmutableArray<IntentWrite> Writes, ImmutableArray<string> DockerCalls)
{
    /// <summary>What was agreed to that would have been refused without.</summary>
    public ImmutableArray<string> Consents { get; init; } = [];

    /// <summary>What a plan will try.</summary>
    public static IntentWrites From(PlannedOperation planned)
    {
        ArgumentNullException.ThrowIfNull(planned);
        return new IntentWrites(
            planned.Writes.IsDefault ? [] : [.. planned.Writes.Select(IntentWrite.From)],
            planned.DockerCalls.IsDefault ? [] : [.. planned.DockerCalls.Select(c => Secrets.Redact(c)!)])
        {
            Consents = planned.Plan.Consents,
        };
    }

    /// <summary>As JSON.</summary>
    public string ToJson() => JsonSerializer.Serialize(
        new Stored(1, [.. Writes.Select(w => new StoredWrite(
            w.Key, Lower(w.Expected.Kind), w.Expected.Kind == ExpectationKind.Revision ? w.Expected.Revision : null, w.Text, w.Base64, Flag(w.EmptyDirectory),
                Flag(w.Redacted)))], DockerCalls, Consents.IsEmpty ? null : Consents),
        AuditDocuments.Json);

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    /// <exception cref="JsonException">It is not that, or of a later version.</exception>
    public static IntentWrites Parse(string json)
    {
        var stored = JsonSerializer.Deserialize<Stored>(json, AuditDocuments.Json);
        if (stored is not { V: 1, Writes.IsDefault: false, Docker.IsDefault: false })
        {
            throw new JsonException("The intent's writes are of a form that this version does not know.");
        }

        return new IntentWrites(
            [.. stored.Writes.Select(w =>
                new IntentWrite(w.Key, new Expectation(Kind(w.Expect), w.Revision ?? 0), w.Value, w.Base64, w.EmptyDirectory ?? false, w.Redacted ?? false))],
            stored.Docker)
        {
            Consents = stored.Consents ?? [],
        };
    }

    private static string Lower(ExpectationKind kind) => kind switch
    {
        ExpectationKind.Absent => "absent",
        ExpectationKind.Revision => "revision",
        ExpectationKind.Any => "any",
    };

    private static ExpectationKind Kind(string text) => text switch
    {
        "absent" => ExpectationKind.Absent,
        "revision" => ExpectationKind.Revision,
        "any" => ExpectationKind.Any,
        _ => throw new JsonException($"Unknown expectation {text}."),
    };

    private static bool? Flag(bool value) => value ? true : null;

    private sealed record Stored(int V, ImmutableArray<StoredWrite> Writes, ImmutableArray<string> Docker,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] ImmutableArray<string>? Consents = null);

    private sealed record StoredWrite(
        string Key,
        string Expect,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] ulong? Revision,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Value,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Base64,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] bool? EmptyDirectory,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] bool? Redacted);
}

/// <summary>One write of an intent.</summary>
/// <param name="Key">The absolute key.</param>
/// <param name="Expected">What must hold for it.</param>
/// <param name="Text">The value; null for a deletion or when <paramref name="Base64"/> has it.</param>
/// <param name="Base64">The value when it is not UTF-8.</param>
/// <param name="EmptyDirectory">Whether an empty directory is removed.</param>
/// <param name="Redacted">Whether secrets were taken out of <paramref name="Text"/>.</param>
public sealed record IntentWrite(string Key, Expectation Expected, string? Text, string? Base64, bool EmptyDirectory, bool Redacted)
{
    /// <summary>Whether the key is to go.</summary>
    public bool Deletes => Text is null && Base64 is null;

    /// <summary>Whether what stands there is what this write wanted.</summary>
    public bool Stands(StoredKey? current) =>
        Deletes ? current is null
        : current is null ? false
        : Base64 is not null ? current.Value.Span.SequenceEqual(Convert.FromBase64String(Base64))
        : string.Equals(Redacted ? Secrets.Redact(current.Text) : current.Text, Text, StringComparison.Ordinal);

    internal static IntentWrite From(KeyWrite write)
    {
        if (write.Value is not { } value)
        {
            return new IntentWrite(write.Key, write.Expected, null, null, write.EmptyDirectory, false);
        }

        if (!System.Text.Unicode.Utf8.IsValid(value.Span))
        {
            return new IntentWrite(write.Key, write.Expected, null, Convert.ToBase64String(value.Span), false, false);
        }

        var text = new StoredKey(write.Key, value, 0).Text;
        var redacted = Secrets.Redact(text);
        return new IntentWrite(write.Key, write.Expected, redacted, null, false, !string.Equals(text, redacted, StringComparison.Ordinal));
    }
}
