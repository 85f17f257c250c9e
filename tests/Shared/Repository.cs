using System.Reflection;

namespace CalicoConsole.Tests;

/// <summary>Where the repository lies on this machine, written into the test assembly by the build.</summary>
internal static class Repository
{
    public static string Root { get; } = Path.GetFullPath(
        typeof(Repository).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "RepositoryRoot").Value!);

    public static string Golden(params string[] parts) => Path.Combine([Root, "tests", "golden", .. parts]);
}
