import { graphql } from './__generated__/gql.ts';

/** A page of the list, in either direction. */
export const PickerPage = graphql(`
  query PickerPage($filter: ImageFilter!, $first: Int, $after: String, $last: Int, $before: String) {
    images(first: $first, after: $after, last: $last, before: $before, filter: $filter) {
      edges {
        cursor
        node {
          id
          name
          createdAt
          os {
            platform
            version
            architecture
          }
          requirements {
            minDiskGiB
          }
        }
      }
      pageInfo {
        hasNextPage
        hasPreviousPage
        startCursor
        endCursor
      }
    }
  }
`);

/** What stands beside the list: how many there are, and what there is to choose from. Asked apart, as it may take longer. */
export const PickerChoices = graphql(`
  query PickerChoices($filter: ImageFilter!) {
    images(first: 1, filter: $filter) {
      totalCount
      facets {
        type {
          value
          count
        }
        platform {
          value
          count
        }
        osVersion {
          value
          count
        }
        architecture {
          value
          count
        }
      }
    }
  }
`);

/** Everything about one image that helps to decide. */
export const PickerDetails = graphql(`
  query PickerDetails($id: ID!) {
    image(id: $id) {
      id
      name
      description
      owner
      createdAt
      updatedAt
      tags {
        key
        value
      }
      os {
        platform
        version
        architecture
        bit
      }
      requirements {
        minDiskGiB
        minRamMiB
        maxRamMiB
      }
      storage {
        diskFormat
        sizeBytes
      }
      boot {
        firmware
      }
      supports {
        kvm
        xen
        kvmGpuType
        xenGpuType
        largeMemory
        diskIntensive
        highPerformance
        kvmInfiniband
      }
      agents
    }
  }
`);
