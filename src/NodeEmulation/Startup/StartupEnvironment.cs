namespace CalicoConsole.NodeEmulation.Startup;

/// <summary>calico/node's environment variables (docs/calico-v1.md#what-caliconode-writes-at-its-start), looked up by name.</summary>
internal sealed class StartupEnvironment(IReadOnlyDictionary<string, string> variables)
{
    private static readonly string[] No = ["false", "0", "no", "n", "f"];

    /// <summary>A variable; empty when it is not set.</summary>
    public string this[string name] => variables.TryGetValue(name, out var value) ? value : "";

    /// <summary>A variable, or another text when it is empty.</summary>
    public string Or(string name, string other) => this[name] is { Length: > 0 } value ? value : other;

    /// <summary>A yes or no: only a few words mean no, anything else that is set means yes.</summary>
    public bool Flag(string name, bool unset) => this[name] is { Length: > 0 } value ? !No.Contains(value, StringComparer.OrdinalIgnoreCase) : unset;

    /// <summary>Whether a variable is exactly <c>true</c>.</summary>
    public bool IsTrue(string name) => this[name] == "true";
}
