using CalicoConsole.Core.Ports;

namespace CalicoConsole.Sandbox.Docker;

/// <summary>An image that the sandbox's registry has.</summary>
/// <param name="Reference">Name and tag.</param>
/// <param name="Layers">Sizes of its layers in bytes, as they come over the wire.</param>
internal sealed record SimulatedImage(string Reference, ImmutableArray<long> Layers)
{
    /// <summary>Program of the image.</summary>
    public ImmutableArray<string> Entrypoint { get; init; } = [];

    /// <summary>Arguments, or program where there is no entry point.</summary>
    public ImmutableArray<string> Command { get; init; } = [];

    /// <summary>What its program writes when it starts.</summary>
    public ImmutableArray<string> Says { get; init; } = [];

    /// <summary>Whether it has busybox, and so a ping and an nc: images on Debian have neither.</summary>
    public bool HasBusybox { get; init; }

    /// <summary>TCP ports that its program listens on.</summary>
    public ImmutableArray<int> Listens { get; init; } = [];

    /// <summary>When it was built.</summary>
    public DateTimeOffset Created { get; init; } = new(2018, 5, 1, 12, 0, 0, TimeSpan.Zero);

    /// <summary>Whether it is calico/node.</summary>
    public bool IsCalicoNode => Reference.Contains("calico/node", StringComparison.Ordinal);

    /// <summary>The repository without the tag.</summary>
    public string Repository => Reference[..Reference.LastIndexOf(':')];

    /// <summary>The tag.</summary>
    public string Tag => Reference[(Reference.LastIndexOf(':') + 1)..];

    /// <summary>As the engine lists it. Layers are some times as big once they are unpacked.</summary>
    public DockerImage Show() =>
        new("sha256:" + Ids.From(Reference), [Reference], (long)(Layers.Sum() * 2.6), Created, ImmutableSortedDictionary<string, string>.Empty);
}
