using System.Collections.Frozen;
using System.Globalization;
using System.Text.Json;

namespace CalicoConsole.Core.Model.V1;

/// <summary>
/// The members of a JSON object read into a Go struct: known names match case-insensitively, of repeated members the last
/// counts, null is as absent, all others are kept as unknown. Readers throw <see cref="GoJsonException"/> on another type.
/// </summary>
public sealed class GoObject
{
    // By the struct's own spelling; there are a dozen at most, so that looking along them is quicker than hashing.
    private readonly List<KeyValuePair<string, JsonElement>> _members;

    /// <summary>Reads an object; <paramref name="path"/> names it in reasons, <paramref name="known"/> are the struct's member names.</summary>
    public GoObject(JsonElement element, string path, IReadOnlySet<string> known)
    {
        Path = path;
        if (element.ValueKind == JsonValueKind.Null)
        {
            // Go reads null into a struct as nothing at all.
            _members = [];
            return;
        }

        if (element.ValueKind != JsonValueKind.Object)
        {
            throw new GoJsonException($"{(path.Length == 0 ? "the value" : $"'{path}'")} is {GoJson.Describe(element.ValueKind)} and not an object");
        }

        _members = new(known.Count);
        ImmutableArray<KeyValuePair<string, string>>.Builder? unknown = null;
        var spelled = (FrozenSet<string>)known;
        foreach (var property in element.EnumerateObject())
        {
            var name = property.Name;
            if (!spelled.TryGetValue(name, out var own))
            {
                (unknown ??= ImmutableArray.CreateBuilder<KeyValuePair<string, string>>()).Add(new(name, property.Value.GetRawText()));
            }
            else if (property.Value.ValueKind != JsonValueKind.Null)
            {
                if (IndexOf(own) is >= 0 and var at)
                {
                    _members.RemoveAt(at);
                }

                _members.Add(new(own, property.Value));
            }
        }

        Unknown = unknown is null ? default : new UnknownMembers(unknown.ToImmutable());
    }

    /// <summary>Where the object stands, empty for the root.</summary>
    public string Path { get; }

    /// <summary>Members that are not known, in stored order.</summary>
    public UnknownMembers Unknown { get; }

    /// <summary>A set of member names for the constructor.</summary>
    public static IReadOnlySet<string> Names(params string[] names) => names.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>The element of a member; of kind Undefined when absent or null.</summary>
    public JsonElement this[string name] => IndexOf(name) is >= 0 and var at ? _members[at].Value : default;

    /// <summary>Whether a member is there and not null.</summary>
    public bool Has(string name) => IndexOf(name) >= 0;

    /// <summary>A text; empty when absent.</summary>
    public string Text(string name) => GoJson.Text(this[name], At(name));

    /// <summary>A boolean; false when absent.</summary>
    public bool Bool(string name) => this[name].ValueKind switch
    {
        JsonValueKind.Undefined or JsonValueKind.False => false,
        JsonValueKind.True => true,
        var other => throw new GoJsonException($"'{At(name)}' is {GoJson.Describe(other)} and not a boolean"),
    };

    /// <summary>A whole number; null when absent.</summary>
    public int? Int(string name) => Has(name) ? Int(this[name], At(name)) : null;

    /// <summary>A float; null when absent.</summary>
    public double? Float(string name)
    {
        if (!Has(name))
        {
            return null;
        }

        GoJson.Expect(this[name], JsonValueKind.Number, At(name), "a number");
        return this[name].TryGetDouble(out var value) && double.IsFinite(value)
            ? value
            : throw new GoJsonException($"'{At(name)}' is out of range: {this[name].GetRawText()}");
    }

    /// <summary>An address; null when absent or empty.</summary>
    public Ip? Address(string name) => Text(name) is { Length: > 0 } text
        ? Ip.TryParse(text, out var ip) ? ip : throw new GoJsonException($"'{At(name)}' is not an IP address: {text}")
        : null;

    /// <summary>A CIDR or bare address; null when absent.</summary>
    public Cidr? Network(string name) => Has(name) ? Network(this[name], At(name)) : null;

    /// <summary>Array of CIDRs; empty when absent.</summary>
    public ImmutableArray<Cidr> Networks(string name) => GoJson.Array(this[name], At(name), Network);

    /// <summary>Array of texts; empty when absent.</summary>
    public ImmutableArray<string> Strings(string name) => GoJson.Strings(this[name], At(name));

    /// <summary>Map of texts; empty when absent.</summary>
    public ImmutableSortedDictionary<string, string> Map(string name) => GoJson.Map(this[name], At(name));

    /// <summary>Array of anything; empty when absent.</summary>
    public ImmutableArray<T> Array<T>(string name, Func<JsonElement, string, T> read) => GoJson.Array(this[name], At(name), read);

    /// <summary>The path of a member, for reasons.</summary>
    public string At(string name) => Path.Length == 0 ? name : $"{Path}.{name}";

    /// <summary>A whole number of 32 bits from an element; a fraction or an exponent is refused as Go refuses it.</summary>
    public static int Int(JsonElement element, string path)
    {
        GoJson.Expect(element, JsonValueKind.Number, path, "a number");
        return int.TryParse(element.GetRawText(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new GoJsonException($"'{path}' is not a whole number of 32 bits: {element.GetRawText()}");
    }

    /// <summary>A CIDR or bare address from an element.</summary>
    public static Cidr Network(JsonElement element, string path)
    {
        var text = GoJson.Text(element, path);
        return Cidr.TryParse(text, out var cidr) ? cidr : throw new GoJsonException($"'{path}' is not a CIDR: {text}");
    }

    private int IndexOf(string name)
    {
        for (var i = 0; i < _members.Count; i++)
        {
            if (string.Equals(_members[i].Key, name, StringComparison.Ordinal))
            {
                return i;
            }
        }

        return -1;
    }
}
