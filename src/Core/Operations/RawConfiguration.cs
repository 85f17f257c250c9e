namespace CalicoConsole.Core.Operations;

/// <summary>Which raw values <see cref="Resources.SetConfiguration"/> is about, as <c>calicoctl config --raw</c>.</summary>
public enum RawConfiguration
{
    /// <summary>One of calicoctl's own names.</summary>
    None,

    /// <summary>A Felix parameter.</summary>
    Felix,

    /// <summary>A BGP value.</summary>
    Bgp,
}
