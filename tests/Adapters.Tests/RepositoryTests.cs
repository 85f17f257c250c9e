namespace CalicoConsole.Adapters.Tests;

public sealed class RepositoryTests
{
    [Fact]
    public void GoldenData_IsThere() => Assert.True(Directory.Exists(CalicoConsole.Tests.Repository.Golden("docker")));
}
