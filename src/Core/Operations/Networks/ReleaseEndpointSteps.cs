namespace CalicoConsole.Core.Operations.Networks;

/// <summary>Names of the steps of releasing an endpoint, in order.</summary>
public static class ReleaseEndpointSteps
{
    /// <summary>Every host that may know the network is asked.</summary>
    public const string Look = "look on every host";

    /// <summary>The container gets another name.</summary>
    public const string Rename = "rename container for the moment";

    /// <summary>The endpoint goes.</summary>
    public const string Disconnect = "release endpoint";

    /// <summary>The container gets its name back.</summary>
    public const string RenameBack = "rename container back";

    /// <summary>The container is put on the network.</summary>
    public const string Connect = "connect container";

    /// <summary>The container is started.</summary>
    public const string Start = "start container";

    /// <summary>The container's name while the endpoint of its name is released.</summary>
    public static string MomentaryName(string name) => $"{name}.releasing";
}
